#include "bot/gateway/tracker.h"

namespace huiyin {
namespace {

// The slots as the outside sees them: of the form being filled, else of the one filled last.
Json slots_of(const Session& session) {
  Json out = Json::object();
  const auto add = [&](const Json& slots) {
    for (const auto& [name, given] : slots.items()) out[name] = given.value("value", Json());
  };
  if (const auto it = session.memory.find("talk"); it != session.memory.end()) {
    add(it->value("slots", Json::object()));
  }
  out["requested_slot"] = nullptr;
  if (!session.stack.empty()) {
    const FormFrame& frame = session.stack.back();
    add(frame.slots);
    if (!frame.requested.empty()) out["requested_slot"] = frame.requested;
  }
  return out;
}

double seconds(Instant at) {
  return static_cast<double>(to_millis(at)) / 1000.0;
}

Json user_event(const store::TurnRow& row) {
  const Json& body = row.body;
  return {{"event", "user"},
          {"timestamp", seconds(row.at)},
          {"text", text_of(body, "text")},
          {"input_channel", text_of(body, "channel")},
          {"message_id", text_of(body, "message_id")},
          {"parse_data",
           {{"text", text_of(body, "text")},
            {"intent",
             {{"name", text_of(body, "intent")}, {"confidence", body.value("confidence", 0.0)}}},
            {"entities", body.value("entities", Json::array())}}}};
}

void add_bot_events(Json& events, const store::TurnRow& row) {
  for (const auto& reply : row.body.value("replies", Json::array())) {
    Json data = Json::object();
    if (reply.contains("buttons")) data["buttons"] = reply["buttons"];
    if (row.kind == store::TurnKind::person) data["person"] = true;
    events.push_back({{"event", "bot"},
                      {"timestamp", seconds(row.at)},
                      {"text", text_of(reply, "text")},
                      {"data", data}});
  }
}

void add_slot_events(Json& events, const store::TurnRow& row, Json& before) {
  const auto it = row.body.find("session");
  if (it == row.body.end()) return;
  const auto session = Session::from_json(*it);
  if (!session) return;
  Json after = slots_of(*session);
  for (const auto& [name, value] : after.items()) {
    if (before.contains(name) && before[name] == value) continue;
    if (value.is_null() && !before.contains(name)) continue;
    events.push_back(
        {{"event", "slot"}, {"timestamp", seconds(row.at)}, {"name", name}, {"value", value}});
  }
  before = std::move(after);
}

}  // namespace

Json make_tracker(const std::string& sender, const std::vector<store::TurnRow>& rows,
                  const Session& session) {
  Json events = Json::array();
  Json latest = Json::object();
  Json slots = Json::object();
  std::string channel;
  if (!rows.empty()) {
    events.push_back({{"event", "session_started"}, {"timestamp", seconds(rows.front().at)}});
  }
  for (const auto& row : rows) {
    switch (row.kind) {
      case store::TurnKind::message: {
        Json user = user_event(row);
        latest = user["parse_data"];
        latest["message_id"] = user["message_id"];
        channel = text_of(row.body, "channel");
        events.push_back(std::move(user));
        for (const auto& action : row.body.value("actions", Json::array())) {
          events.push_back({{"event", "action"}, {"timestamp", seconds(row.at)}, {"name", action}});
        }
        add_slot_events(events, row, slots);
        add_bot_events(events, row);
        break;
      }
      case store::TurnKind::bot:
      case store::TurnKind::person:
        add_bot_events(events, row);
        break;
      case store::TurnKind::event:
        events.push_back({{"event", text_of(row.body, "event")},
                          {"timestamp", seconds(row.at)},
                          {"reason", text_of(row.body, "reason")}});
        break;
    }
  }
  Json loop = Json::object();
  if (!session.stack.empty()) loop = {{"name", session.stack.back().form + "_form"}};
  return {{"sender_id", sender},
          {"slots", slots_of(session)},
          {"latest_message", latest},
          {"latest_event_time", rows.empty() ? 0.0 : seconds(rows.back().at)},
          {"latest_input_channel", channel},
          {"paused", session.paused.has_value()},
          {"active_loop", loop},
          {"events", events}};
}

}  // namespace huiyin
