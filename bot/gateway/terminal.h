// `huiyin chat`: a conversation in the terminal, line by line until the input ends. What would
// leave by SMS is shown with an arrow.
#pragma once
#include "bot/channel.h"
#include "store/database.h"

namespace huiyin {

void talk_in_terminal(Front& front, store::Database& database);

}  // namespace huiyin
