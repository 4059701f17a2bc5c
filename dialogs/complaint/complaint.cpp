#include "dialogs/complaint/complaint.h"

#include "bot/talk/words.h"
#include "store/base/text.h"

namespace huiyin::complaint {
namespace {

constexpr orders::IntakeStyle style{orders::Kind::complaint, "complaint", "complaint"};

// Asked not to be named, in whatever message: then neither name, phone nor home is kept.
bool wants_no_name(const FormSpec& form, const FormFrame& frame) {
  std::vector<std::string> words;
  for (const auto& word : form.options.value("anonymous", Json::array())) {
    if (word.is_string()) words.push_back(word.get<std::string>());
  }
  if (contains_any(lower_ascii(orders::slot_text(frame, "description")), words)) return true;
  const auto phone = frame.slots.find("phone");
  return phone != frame.slots.end() && flag_of(*phone, "skipped");
}

std::vector<std::string> self_words(const FormSpec& form) {
  std::vector<std::string> words;
  for (const auto& word : form.options.value("self", Json::array())) {
    if (word.is_string()) words.push_back(word.get<std::string>());
  }
  return words;
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
    const Entity* unit = asked ? turn_.heard.first("unit") : nullptr;
    if (person != nullptr) order.name = person->text;
    if (unit != nullptr && unit->value.is_string()) live_at(order, unit->value.get<std::string>());
    told_as_own(order);
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
      for (const auto& word : self_words(form_)) {
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
  orders::record_or_join(turn, orders_, style, order);
  return Outcome::answered;
}

std::optional<Dialog::NamedRecord> ComplaintDialog::named_record(const Turn& turn) {
  return orders::named_record(turn, style);
}

bool ComplaintDialog::amend(Turn& turn, const Json& slots) {
  return orders::amend_last(turn, orders_, style, slots);
}

}  // namespace huiyin::complaint
