#include "bot/talk/session.h"

namespace huiyin {
namespace {

Json frame_json(const FormFrame& frame) {
  return {{"form", frame.form},           {"slots", frame.slots},
          {"requested", frame.requested}, {"confirming", frame.confirming},
          {"failures", frame.failures},   {"extra", frame.extra}};
}

FormFrame frame_of(const Json& json) {
  FormFrame frame;
  frame.form = text_of(json, "form");
  frame.slots = json.value("slots", Json::object());
  frame.requested = text_of(json, "requested");
  frame.confirming = flag_of(json, "confirming");
  frame.failures = static_cast<int>(int_of(json, "failures"));
  frame.extra = json.value("extra", Json::object());
  return frame;
}

}  // namespace

const Json* FormFrame::value(std::string_view slot) const {
  const auto it = slots.find(slot);
  if (it == slots.end()) return nullptr;
  const auto value = it->find("value");
  return value == it->end() || value->is_null() ? nullptr : &*value;
}

std::string FormFrame::text(std::string_view slot) const {
  const auto it = slots.find(slot);
  return it == slots.end() ? std::string() : text_of(*it, "text");
}

// Members that hold nothing are left out: the session is written with every turn.
Json Session::to_json() const {
  Json out = {{"v", version}, {"lang", to_string(language)}, {"last_at", to_millis(last_at)}};
  if (greeted) out["greeted"] = true;
  if (!estate.empty()) out["estate"] = estate;
  if (!stack.empty()) {
    Json frames = Json::array();
    for (const auto& frame : stack) frames.push_back(frame_json(frame));
    out["stack"] = std::move(frames);
  }
  if (misunderstood > 0) out["misunderstood"] = misunderstood;
  if (paused) {
    out["paused"] = {{"since", to_millis(paused->since)},
                     {"last_word", to_millis(paused->last_word)},
                     {"reason", paused->reason},
                     {"offered", paused->offered}};
  }
  if (verified) {
    out["verified"] = {{"unit", verified->unit},
                       {"until", to_millis(verified->until)},
                       {"member", verified->member}};
  }
  if (!waiting.empty()) out["waiting"] = waiting;
  if (!last_question.empty()) out["last_question"] = last_question;
  if (!memory.empty()) out["memory"] = memory;
  return out;
}

std::optional<Session> Session::from_json(const Json& json) {
  if (!json.is_object() || int_of(json, "v") != version) return std::nullopt;
  Session session;
  session.language = language_of(text_of(json, "lang"));
  session.last_at = from_millis(int_of(json, "last_at"));
  session.greeted = flag_of(json, "greeted");
  session.estate = text_of(json, "estate");
  for (const auto& frame : json.value("stack", Json::array())) {
    session.stack.push_back(frame_of(frame));
  }
  session.misunderstood = static_cast<int>(int_of(json, "misunderstood"));
  if (const auto it = json.find("paused"); it != json.end()) {
    session.paused = Pause{from_millis(int_of(*it, "since")), from_millis(int_of(*it, "last_word")),
                           text_of(*it, "reason"), flag_of(*it, "offered")};
  }
  if (const auto it = json.find("verified"); it != json.end()) {
    session.verified =
        Verified{int_of(*it, "unit"), from_millis(int_of(*it, "until")), int_of(*it, "member")};
  }
  for (const auto& matter : json.value("waiting", Json::array())) session.waiting.push_back(matter);
  session.last_question = text_of(json, "last_question");
  session.memory = json.value("memory", Json::object());
  return session;
}

}  // namespace huiyin
