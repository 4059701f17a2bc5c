#include "dialogs/complaint/complaint.h"

#include "bot/talk/answer_text.h"
#include "bot/talk/form_filler.h"
#include "bot/talk/words.h"
#include "dialogs/orders/life.h"
#include "dialogs/orders/theirs.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::complaint {
namespace {

using orders::Order;

constexpr orders::IntakeStyle style{orders::Kind::complaint, "complaint", "complaint"};

// A list of words of the form's completion.
std::vector<std::string> option_words(const FormSpec& form, const char* name) {
  std::vector<std::string> words;
  for (const auto& word : form.options.value(name, Json::array())) {
    if (word.is_string()) words.push_back(word.get<std::string>());
  }
  return words;
}

// Asked not to be named, in whatever message: then neither name, phone nor home is kept.
bool wants_no_name(const FormSpec& form, const FormFrame& frame) {
  const std::string told = lower_ascii(orders::slot_text(frame, "description"));
  if (contains_any(told, option_words(form, "anonymous"))) return true;
  const auto phone = frame.slots.find("phone");
  return phone != frame.slots.end() && flag_of(*phone, "skipped");
}

// The live complaints that this conversation made, newest first.
std::vector<Order> open_complaints(const Turn& turn) {
  auto open = orders::open_of_conversation(turn.tx.read(), turn.conversation());
  std::erase_if(open, [](const Order& one) { return one.kind != orders::Kind::complaint; });
  return open;
}

bool is_handled(const Order& order) {
  return orders::listed("resolved revisited", order.state);
}

// Who complains, never whom the complaint is about: the household of the phone they proved, what
// they answered to the question for it, and a name or home they told as their own
// ("我是3栋2单元501的王芳").
class Complainant {
 public:
  Complainant(const Turn& turn, const FormSpec& form, const FormFrame& frame)
      : turn_(turn), form_(form), frame_(frame) {}

  void fill(orders::NewOrder& order) const {
    const bool asked = frame_.requested == "phone";
    const Entity* person = asked ? turn_.heard.first("person") : nullptr;
    order.name = text_of(frame_.extra, FormFiller::own_name);
    const Entity* unit = asked ? turn_.heard.first("unit") : nullptr;
    if (person != nullptr) order.name = person->text;
    if (asked && order.name.empty()) order.name = capitalised_part(turn_.heard.text);
    if (unit != nullptr && unit->value.is_string()) live_at(order, unit->value.get<std::string>());
    told_as_own(order);
    as_told_before(order);
    // A phone that is merely typed may be anybody's: it brings neither name nor home with it.
    const auto members = turn_.directory.members_by_phone(turn_.tx.read(), order.phone);
    if (members.size() != 1 || members.front().unit != turn_.verified_unit()) return;
    if (order.name.empty()) order.name = members.front().name;
    if (order.unit_id != 0) return;
    if (const auto home = turn_.directory.unit(turn_.tx.read(), members.front().unit)) {
      live_at(order, home->unit.canonical());
    }
  }

 private:
  void told_as_own(orders::NewOrder& order) const {
    const std::string person = text_of(frame_.extra, "person");
    const std::string unit = text_of(frame_.extra, "unit_text");
    const std::string text = lower_ascii(order.description);
    const auto own = [&](const std::string& what) {
      const auto at = what.empty() ? std::string::npos : text.find(lower_ascii(what));
      if (at == std::string::npos) return false;
      const std::string_view before = trim(std::string_view(text).substr(0, at));
      for (const auto& word : option_words(form_, "self")) {
        if (before.ends_with(word)) return true;
      }
      return false;
    };
    const bool own_unit = own(unit);
    if (own_unit && order.unit_id == 0) live_at(order, text_of(frame_.extra, "unit"));
    if (!order.name.empty() || person.empty()) return;
    // "3栋2单元501的王芳": at most one character between the address and the name.
    const auto home = own_unit ? text.find(lower_ascii(unit)) : std::string::npos;
    const auto named = home == std::string::npos ? home : text.find(lower_ascii(person), home);
    const bool of_the_unit = named != std::string::npos && named >= home + unit.size() &&
                             code_points(std::string_view(text).substr(
                                 home + unit.size(), named - home - unit.size())) <= 1;
    if (own(person) || of_the_unit) order.name = person;
  }
  // Name and home of an earlier complaint that this conversation made with the same phone.
  void as_told_before(orders::NewOrder& order) const {
    if (order.phone.empty() || !turn_.proven) return;
    for (const auto& one : open_complaints(turn_)) {
      if (one.phone != order.phone) continue;
      if (order.name.empty()) order.name = one.name;
      if (order.unit_id == 0 && !one.unit.empty()) live_at(order, one.unit);
    }
  }
  void live_at(orders::NewOrder& order, const std::string& canonical) const {
    const auto unit = UnitId::from_canonical(canonical);
    if (!unit) return;
    const auto home = turn_.directory.find_unit(turn_.tx.read(), *unit, order.estate);
    if (!home) return;
    order.unit_id = home->id;
    order.unit = home->unit.canonical();
    order.estate = home->estate;
  }

  const Turn& turn_;
  const FormSpec& form_;
  const FormFrame& frame_;
};

}  // namespace

Outcome ComplaintDialog::complete(Turn& turn, const FormSpec& form, const FormFrame& frame) {
  auto order = orders::order_of(turn, orders_, style.kind, frame);
  order.category = classes_.topic_of(order.description);
  if (wants_no_name(form, frame)) {
    order.name.clear();
    order.phone.clear();
  } else {
    Complainant(turn, form, frame).fill(order);
  }
  const auto is_same = [this](const Order& before, const std::string& words,
                              const orders::NewOrder& told) { return same(before, words, told); };
  orders::record_or_join(turn, orders_, style, order, is_same);
  return Outcome::answered;
}

bool ComplaintDialog::same(const Order& order, const std::string& words,
                           const orders::NewOrder& told) const {
  return classes_.matters().same({words, order.unit, order.name},
                                 {told.description, told.unit.empty() ? order.unit : told.unit,
                                  told.name.empty() ? order.name : told.name});
}

// "撤诉吧，解决了" while one more is being told: what was recorded is meant.
Outcome ComplaintDialog::intercept(Turn& turn) {
  // "我再说一遍，楼上漏水！" is the complaint again, whatever it sounds like.
  const bool of_a_fault = turn.heard.intent == Intent::report_repair ||
                          turn.heard.intent == Intent::report_public_fault;
  if (turn.session.stack.empty() && of_a_fault &&
      classes_.matters().says_again(turn.message.text)) {
    return answer(turn);
  }
  if (turn.session.stack.empty() || turn.session.stack.back().form != style.form) {
    return Outcome::not_mine;
  }
  const FormSpec* form = turn.forms.find(style.form);
  const bool withdraws = form != nullptr && turn.proven &&
                         contains_any(reading(turn.heard), option_words(*form, "withdraw"));
  if (withdraws && !open_complaints(turn).empty()) turn.session.stack.pop_back();
  return Outcome::not_mine;
}

Outcome ComplaintDialog::answer(Turn& turn) {
  if (!turn.proven) return Outcome::not_mine;
  const FormSpec* form = turn.forms.find(style.form);
  const std::string& words = turn.message.text;
  for (const auto& order : open_complaints(turn)) {
    const bool within_a_day = order.recorded_at > turn.now() - std::chrono::hours(24);
    if (!within_a_day && !is_handled(order)) continue;
    const bool unhappy = is_handled(order) && form != nullptr &&
                         contains_any(reading(turn.heard), option_words(*form, "unhappy")) &&
                         !classes_.matters().tells_matter(words);
    orders::NewOrder told;
    told.description = words;
    if (!unhappy && !same(order, store::get_text(turn.tx.read(), order.description), told)) {
      continue;
    }
    told_again(turn, order);
    return Outcome::answered;
  }
  return Outcome::not_mine;
}

void ComplaintDialog::told_again(Turn& turn, const Order& order) {
  if (!is_handled(order)) return orders::join(turn, orders_, style, order, turn.kept_text());
  orders_.dissatisfied(turn.tx, order, orders::actor_of(turn), turn.kept_text());
  turn.say("complaint.unhappy", {{"number", order.number}});
}

std::optional<Dialog::NamedRecord> ComplaintDialog::named_record(const Turn& turn) {
  return orders::named_record(turn, style);
}

bool ComplaintDialog::amend(Turn& turn, const Json& slots) {
  return orders::amend_last(turn, orders_, style, slots);
}

}  // namespace huiyin::complaint
