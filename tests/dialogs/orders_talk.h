// Turns by hand: what was understood is given, so that a test is about the subject alone.
#pragma once
#include "bot/talk/form.h"
#include "bot/talk/turn.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {

inline Entity entity(std::string kind, Json value, std::string text = {}) {
  if (text.empty() && value.is_string()) text = value.get<std::string>();
  return {std::move(kind), std::move(value), 0, 0, std::move(text), "test"};
}

class TalkHouse : public OrdersHouse {
 protected:
  TalkHouse() : forms(FormBook::load(std::string(HUIYIN_SOURCE_DIR) + "/config/forms").value()) {}

  // One message of the conversation "rest/web-1" (or of `sender`) on the shared session.
  Turn turn(std::string text, Intent intent, std::vector<Entity> entities = {}) {
    message.channel = "rest";
    message.sender = sender;
    message.text = text;
    heard = {};
    heard.text = text;
    heard.intent = intent;
    heard.confidence = 0.9;
    heard.entities = std::move(entities);
    if (intent == Intent::affirm) heard.yes_no = true;
    if (intent == Intent::deny) heard.yes_no = false;
    transaction.emplace(db(), now);
    Turn t(message, heard, session, *transaction, speech, directory, forms, post, rules, "rest");
    t.proven = proven;
    return t;
  }
  static std::string said(const Turn& turn) {
    std::string all;
    for (const auto& reply : turn.replies) all += reply.text + "\n";
    return all;
  }
  static Json slot(Json value, std::string text = {}) { return {{"value", value}, {"text", text}}; }

  FormBook forms;
  TalkRules rules;
  Session session;
  Inbound message;
  Understanding heard;
  std::optional<TestTransaction> transaction;
  std::string sender = "web-1";
  bool proven = true;
};

}  // namespace huiyin::orders_test
