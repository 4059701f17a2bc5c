// One filling of one frame by one message, slot by slot. Private to FormFiller: slot_filler.cpp has
// addresses, people, choices and numbers, slot_filler_time.cpp times, slot_filler_matter.cpp what
// is wrong and where.
#pragma once
#include "bot/talk/form_filler.h"
#include "bot/talk/which_day.h"

namespace huiyin {

class SlotFiller {
 public:
  SlotFiller(const TalkWords& words, Turn& turn, const FormSpec& form, FormFrame& frame,
             bool opening);

  void fill(const SlotSpec& slot);
  // "对" to "did you mean 3-2-501?".
  void take_suggestion();
  // Of several slots of one type (one's own phone, that of a relative) an entity fills one: the one
  // that was asked for, else the first that is empty.
  bool is_for_another(const SlotSpec& slot) const;
  // What the message tells besides what the slots before took: the second of two dates.
  void take_next(const SlotSpec& slot);
  bool skipped(const SlotSpec& slot) const;
  // To the question for a phone that may be left out: a name, or more of the matter, is not lost.
  void beside_contact();
  bool asked(const SlotSpec& slot) const { return frame.requested == slot.name; }
  bool is_filled(std::string_view name) const;

  bool correcting;
  Filled out;

 private:
  void put(const SlotSpec& slot, Json value, std::string_view text);
  const Entity* meant(std::string_view kind) const;
  // Told with another of several matters: "电梯坏了；我家厨房也漏水" has no kitchen for the lift.
  bool is_elsewhere(const Entity& entity) const;
  bool takes_back(int from, int to) const;
  const Entity* first_here(std::string_view kind) const;
  bool is_negated(std::string_view kind, std::size_t byte) const;
  bool is_own(const Entity& entity) const;
  std::string own_name() const;

  void unit(const SlotSpec& slot);
  std::optional<UnitId> unit_of_parts(const SlotSpec& slot);
  std::string without_orders() const;
  bool takes_entrance(const std::string& text);
  void phone(const SlotSpec& slot);
  void person(const SlotSpec& slot);
  bool may_be_name(std::string_view text) const;

  bool is_past(const SlotSpec& slot, const TimeRange& range) const;
  bool tells_time(const SlotSpec& slot) const;
  bool tells_appointment(const SlotSpec& slot) const;
  bool asks_of_it(const SlotSpec& slot) const;
  bool says_again(const SlotSpec& slot, const TimeRange& range) const;
  std::optional<TimeRange> joined_with_day(const SlotSpec& slot, const Entity& entity,
                                           const TimeRange& range) const;
  bool is_daypart_alone(const Entity& entity) const;
  void refuse_time(const SlotSpec& slot, const TimeFault& fault);
  bool tells_no_time(const SlotSpec& slot, const Entity* entity);
  bool is_visit(const Entity& entity) const;
  void time(const SlotSpec& slot);

  void description(const SlotSpec& slot);
  void keep_for_later();
  const Entity* head_item() const;
  bool tells_no_matter() const;
  bool tells_more() const;
  void place(const SlotSpec& slot);

  void number(const SlotSpec& slot, const std::string& text);
  void choice(const SlotSpec& slot, const std::string& text);
  void date(const SlotSpec& slot);
  bool ends_before(const SlotSpec& slot, const Entity& first, const TimeRange& day);
  // Why the day cannot be: past, or before the day that it follows; "" when it can.
  std::string_view fault_of(const SlotSpec& slot, const TimeRange& day) const;
  void patterned(const SlotSpec& slot);
  void free_text(const SlotSpec& slot);
  std::vector<std::pair<int, int>> told_otherwise() const;

  const TalkWords& words;
  Turn& turn;
  const FormSpec& form;
  FormFrame& frame;
  const bool opening;
  const std::string lowered;
};

}  // namespace huiyin
