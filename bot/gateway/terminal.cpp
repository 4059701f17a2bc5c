#include "bot/gateway/terminal.h"

#include <future>
#include <iostream>

#include "store/base/text.h"

namespace huiyin {

void talk_in_terminal(Front& front, store::Database& database) {
  std::int64_t sent = 0;
  for (std::string line; std::cout << "> " << std::flush, std::getline(std::cin, line);) {
    Inbound message;
    message.channel = "rest";
    message.sender = "terminal";
    message.text = to_valid_utf8(line);
    message.proven = true;
    std::promise<Result<TurnAnswer>> answer;
    front.accept(message, [&](Result<TurnAnswer> r) { answer.set_value(std::move(r)); });
    const auto said = answer.get_future().get();
    if (!said)
      std::cout << said.error().message << "\n";
    else
      for (const auto& reply : said->replies) {
        std::cout << reply.text << "\n";
        for (const auto& button : reply.buttons) std::cout << "  [" << button.title << "]";
        if (!reply.buttons.empty()) std::cout << "\n";
      }
    database.read([&](store::Connection& db) {
      for (const auto& [id, to, text] : db.query<std::int64_t, std::string, std::string>(
               "SELECT id, address, text FROM outbox WHERE id > :i ORDER BY id", sent)) {
        std::cout << "  → " << to << ": " << text << "\n";
        sent = id;
      }
    });
  }
  std::cout << "\n";
}

}  // namespace huiyin
