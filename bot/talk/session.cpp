#include "bot/talk/session.h"

namespace huiyin {
namespace {

void append_frame(std::string& out, const FormFrame& frame) {
  out += R"({"form":)";
  append_quoted(out, frame.form);
  out += R"(,"slots":)";
  out += dump_json(frame.slots);
  if (!frame.requested.empty()) {
    out += R"(,"requested":)";
    append_quoted(out, frame.requested);
  }
  if (frame.confirming) out += R"(,"confirming":true)";
  if (frame.failures > 0) out += R"(,"failures":)" + std::to_string(frame.failures);
  if (!frame.extra.empty()) out += R"(,"extra":)" + dump_json(frame.extra);
  out += '}';
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
std::string Session::to_text() const {
  std::string out = R"({"v":)" + std::to_string(version) + R"(,"lang":)";
  append_quoted(out, to_string(language));
  out += R"(,"last_at":)" + std::to_string(to_millis(last_at));
  if (greeted) out += R"(,"greeted":true)";
  if (!estate.empty()) {
    out += R"(,"estate":)";
    append_quoted(out, estate);
  }
  if (!stack.empty()) {
    out += R"(,"stack":[)";
    for (const auto& frame : stack) {
      append_frame(out, frame);
      out += ',';
    }
    out.back() = ']';
  }
  if (misunderstood > 0) out += R"(,"misunderstood":)" + std::to_string(misunderstood);
  if (paused) {
    out += R"(,"paused":)" + dump_json({{"since", to_millis(paused->since)},
                                        {"last_word", to_millis(paused->last_word)},
                                        {"reason", paused->reason}});
  }
  if (verified) {
    out += R"(,"verified":)" + dump_json({{"unit", verified->unit},
                                          {"until", to_millis(verified->until)},
                                          {"member", verified->member}});
  }
  if (!waiting.empty()) out += R"(,"waiting":)" + dump_json(waiting);
  if (!last_question.empty()) {
    out += R"(,"last_question":)";
    append_quoted(out, last_question);
  }
  if (!memory.empty()) out += R"(,"memory":)" + dump_json(memory);
  out += '}';
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
                           text_of(*it, "reason")};
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
