// The server's own sockets, found among the process's files: the library shows neither the one it
// listens on nor the connections that it keeps, and must not close them while they are busy (why:
// HttpServer::stop). Linux; where /proc is not there, nothing is found. Thread-safe.
#pragma once
#include <cstddef>

namespace huiyin::http {

// Lets nobody in at `port` any more, and lets those who are in say nothing further: a connection
// answers what it has read and ends, an idle one ends at once. Gives how many have not ended yet;
// to be called until it is 0. Connections that this process opened to others are left alone.
std::size_t wind_down(int port);

}  // namespace huiyin::http
