#include "dialogs/orders/sheet.h"

namespace huiyin::orders {
namespace {

// Written as text at once: it is on the path of every report.
class ArrayWriter {
 public:
  void begin() {
    out_ += out_.size() > 1 ? ",{" : "{";
    first_ = true;
  }
  void end() { out_ += '}'; }
  void text(std::string_view name, std::string_view value) {
    key(name);
    append_quoted(out_, value);
  }
  void number(std::string_view name, std::int64_t value) {
    key(name);
    out_ += std::to_string(value);
  }
  void times(std::string_view name, const std::vector<Pause>& pauses) {
    key(name);
    out_ += '[';
    for (const auto& one : pauses) {
      if (out_.back() != '[') out_ += ',';
      out_ += std::to_string(to_millis(one.from)) + "," + std::to_string(to_millis(one.to));
    }
    out_ += ']';
  }
  std::string take() { return std::move(out_ += ']'); }

 private:
  void key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  std::string out_ = "[";
  bool first_ = true;
};

std::optional<Instant> maybe_at(const Json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_number_integer()) return std::nullopt;
  return from_millis(it->get<std::int64_t>());
}

std::vector<Pause> pauses_of(const Json& clock) {
  std::vector<Pause> out;
  const auto it = clock.find("pauses");
  if (it == clock.end() || !it->is_array()) return out;
  for (std::size_t i = 0; i + 1 < it->size(); i += 2) {
    out.push_back(
        {from_millis((*it)[i].get<std::int64_t>()), from_millis((*it)[i + 1].get<std::int64_t>())});
  }
  return out;
}

}  // namespace

std::string to_text(const std::vector<CopyRecord>& copies) {
  ArrayWriter out;
  for (const auto& copy : copies) {
    out.begin();
    out.number("copy", copy.copy);
    out.text("holder", copy.holder);
    out.number("at", to_millis(copy.at));
    out.end();
  }
  return out.take();
}

std::string to_text(const std::vector<ClockRecord>& clocks) {
  ArrayWriter out;
  for (const auto& clock : clocks) {
    out.begin();
    out.text("rule", clock.rule);
    out.text("name", clock.name);
    out.text("anchor", clock.anchor);
    out.number("anchor_at", to_millis(clock.anchor_at));
    out.number("due_at", to_millis(clock.due_at));
    if (!clock.policy.empty()) out.text("policy", clock.policy);
    if (clock.remind_at) out.number("remind_at", to_millis(*clock.remind_at));
    if (!clock.pauses.empty()) out.times("pauses", clock.pauses);
    if (clock.met_at) out.number("met_at", to_millis(*clock.met_at));
    if (!clock.met_by.empty()) out.text("met_by", clock.met_by);
    if (clock.stopped_at) out.number("stopped_at", to_millis(*clock.stopped_at));
    if (clock.breached) out.number("breached", 1);
    out.end();
  }
  return out.take();
}

std::vector<CopyRecord> copies_from(const std::string& text) {
  std::vector<CopyRecord> copies;
  for (const auto& one : Json::parse(text, nullptr, false)) {
    copies.push_back({static_cast<int>(int_of(one, "copy")), text_of(one, "holder"),
                      from_millis(int_of(one, "at"))});
  }
  return copies;
}

std::vector<ClockRecord> clocks_from(const std::string& text) {
  std::vector<ClockRecord> clocks;
  for (const auto& one : Json::parse(text, nullptr, false)) {
    ClockRecord clock;
    clock.rule = text_of(one, "rule");
    clock.name = text_of(one, "name");
    clock.anchor = text_of(one, "anchor");
    clock.anchor_at = from_millis(int_of(one, "anchor_at"));
    clock.due_at = from_millis(int_of(one, "due_at"));
    clock.policy = text_of(one, "policy");
    clock.remind_at = maybe_at(one, "remind_at");
    clock.pauses = pauses_of(one);
    clock.met_at = maybe_at(one, "met_at");
    clock.met_by = text_of(one, "met_by");
    clock.stopped_at = maybe_at(one, "stopped_at");
    clock.breached = int_of(one, "breached") != 0;
    clock.has_timer = !clock.ended() && !clock.breached;
    clocks.push_back(std::move(clock));
  }
  return clocks;
}

}  // namespace huiyin::orders
