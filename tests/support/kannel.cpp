#include "tests/support/kannel.h"

#include <unicode/unistr.h>

#include <map>
#include <sstream>
#include <stdexcept>

#include "bot/http.h"
#include "tests/support/http_client.h"
#include "tests/support/stub_provider.h"

namespace huiyin::test {
namespace {

constexpr auto patience = std::chrono::seconds(60);
constexpr auto* fakesmsc = "/usr/lib/kannel/test/fakesmsc";

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
    ++found;
  }
  if (found == 0) throw std::runtime_error("config/kannel/kannel.conf has no " + from);
}

std::string utf8_of_utf16be(std::string_view octets) {
  icu::UnicodeString text;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    text.append(static_cast<char16_t>(static_cast<unsigned char>(octets[i]) << 8 |
                                      static_cast<unsigned char>(octets[i + 1])));
  }
  std::string out;
  return text.toUTF8String(out);
}

std::string escaped_utf16be(const std::string& utf8) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto text = icu::UnicodeString::fromUTF8(utf8);
  std::string out;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    for (const int shift : {12, 4}) {
      const int byte = text[i] >> (shift - 4) & 0xff;  // high, then low
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

// "+" is a space in what fakesmsc escapes.
std::string unescape(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == '+') c = ' ';
  }
  return http::percent_decode(spaced).value_or(std::string());
}

std::string take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  std::string word(line.substr(0, end));
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

}  // namespace

Kannel::Kannel(Options options)
    : admin_port_(StubProvider::closed_port()),
      smsbox_port_(StubProvider::closed_port()),
      network_port_(StubProvider::closed_port()),
      sendsms_port_(StubProvider::closed_port()) {
  std::string config = read_file(HUIYIN_SOURCE_DIR "/config/kannel/kannel.conf");
  replace_all(config, "admin-password = change-me", "admin-password = admin-password");
  replace_all(config, "\npassword = change-me", "\npassword = " + password());
  replace_all(config, "secret=change-me", "secret=" + secret());
  replace_all(config, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(options.gateway_port));
  replace_all(config, "port = 13000", "port = " + std::to_string(admin_port_));
  replace_all(config, "port = 13001", "port = " + std::to_string(smsbox_port_));
  replace_all(config, "port = 13010", "port = " + std::to_string(network_port_));
  replace_all(config, "port = 13013", "port = " + std::to_string(sendsms_port_));
  replace_all(config, "/var/spool/kannel/", folder_.path() + "/");
  replace_all(config, "/var/log/kannel/", folder_.path() + "/");
  replace_all(config, "http-queue-delay = 2", "http-queue-delay = 1");
  if (!options.mo_recode) replace_all(config, "\nmo-recode = true", "\nmo-recode = false");
  folder_.write("kannel.conf", config);

  const auto box = [&](const std::string& program) {
    const std::string log = folder_ / (program + ".out");
    return Process({.argv = {"/usr/sbin/" + program, folder_ / "kannel.conf"},
                    .stdout_file = log,
                    .stderr_file = log,
                    .dir = folder_.path()});
  };
  bearerbox_ = box("bearerbox");
  if (!wait_until([this] { return listening(smsbox_port_); }, patience)) {
    throw std::runtime_error("bearerbox did not start: " + tail("bearerbox.out"));
  }
  smsbox_ = box("smsbox");
  if (!wait_until([this] { return listening(sendsms_port_); }, patience)) {
    throw std::runtime_error("smsbox did not start: " + tail("smsbox.out"));
  }
  start_network("1 2 text none", 0);
}

Kannel::~Kannel() {
  for (Process* one : {&network_, &smsbox_, &bearerbox_}) one->kill_hard();
}

std::string Kannel::api_base() const {
  return "http://127.0.0.1:" + std::to_string(sendsms_port_);
}

bool Kannel::listening(int port) {
  return HttpConnection(port).open();
}

std::string Kannel::tail(const std::string& name) const {
  const std::string all = read_file(folder_ / name);
  return all.substr(all.size() - std::min<std::size_t>(all.size(), 2'000));
}

void Kannel::start_network(const std::string& message, int count) {
  network_.kill_hard();  // the bearerbox takes one connection; messages to phones wait meanwhile
  const std::string log = folder_ / "network.out";
  network_ = Process({.argv = {fakesmsc, "-H", "127.0.0.1", "-r", std::to_string(network_port_),
                               "-m", std::to_string(count), message},
                      .stdout_file = log,
                      .stderr_file = log,
                      .dir = folder_.path()});
}

void Kannel::text(const std::string& from, const std::string& to, const std::string& utf8) {
  start_network(from + " " + to + " ucs2 " + escaped_utf16be(utf8), 1);
}

std::vector<Texted> Kannel::texted() const {
  std::istringstream lines(read_file(folder_ / "network.out"));
  std::vector<Texted> all;
  std::map<std::string, std::size_t> long_ones;  // reference of a message in parts → where it is
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find(": <");
    const auto end = line.rfind('>');
    if (line.find("Got message") == std::string::npos || end == std::string::npos) continue;
    std::string_view rest = std::string_view(line).substr(begin + 3, end - begin - 3);
    Texted one;
    one.from = take_word(rest);
    one.to = take_word(rest);
    std::string kind = take_word(rest);
    std::string reference;
    if (kind == "udh") {
      // 05 00 03, the reference, how many parts there are, which one this is.
      const std::string header = unescape(take_word(rest));
      reference = one.to + header.substr(0, 4);
      if (header.size() == 6) one.parts_total = static_cast<unsigned char>(header[4]);
      kind = take_word(rest);
    }
    one.ucs2 = kind != "text";
    one.text = one.ucs2 ? utf8_of_utf16be(unescape(rest)) : std::string(rest);
    const auto known = long_ones.find(reference);
    if (!reference.empty() && known != long_ones.end()) {
      all[known->second].text += one.text;
      ++all[known->second].parts;
      continue;
    }
    if (!reference.empty()) long_ones[reference] = all.size();
    all.push_back(std::move(one));
  }
  return all;
}

bool Kannel::wait_for(std::size_t count) const {
  return wait_until([&] { return texted().size() >= count; }, patience);
}

}  // namespace huiyin::test
