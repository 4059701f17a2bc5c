#include "dialogs/signing/signing.h"

#include "dialogs/orders/theirs.h"
#include "store/base/text.h"

namespace huiyin::signing {
namespace {

using orders::Order;

constexpr const char* memory_key = "signing";
constexpr std::size_t name_code_points_max = 40;
constexpr std::size_t name_code_points_min = 2;
constexpr std::size_t words_code_points_max = 2'000;

// Nobody signs a complaint, and a public fault has no customer (R5.27).
bool waits(const Order& order) {
  return order.state == "completed" &&
         (order.kind == orders::Kind::repair || order.kind == orders::Kind::task);
}

void drop_number(const Turn& turn, std::string& text) {
  const Entity* named = turn.heard.first("order");
  if (named == nullptr || !named->value.is_string()) return;
  const std::string lowered = lower_ascii(text);
  for (const auto& number :
       {lower_ascii(named->value.get<std::string>()), lower_ascii(named->text)}) {
    const auto at = number.empty() ? std::string::npos : lowered.find(number);
    if (at == std::string::npos) continue;
    text.erase(at, number.size());
    return;
  }
}

std::string bare(std::string_view text) {
  static const std::vector<std::string_view> around{" ",  ",",  ".",  ":",  "：", "，", "。",
                                                    "、", "!",  "！", "“",  "”",  "\"", "\n",
                                                    "「", "」", "（", "）", "(",  ")",  "\t"};
  for (bool cut = true; cut;) {
    cut = false;
    for (const auto mark : around) {
      if (text.starts_with(mark)) text.remove_prefix(mark.size()), cut = true;
      if (text.ends_with(mark)) text.remove_suffix(mark.size()), cut = true;
    }
  }
  return std::string(text);
}

bool is_name(std::string_view text) {
  const std::size_t size = code_points(text);
  return size >= name_code_points_min && size <= name_code_points_max &&
         text.find_first_of("0123456789?@#/\\<>{}=") == std::string_view::npos &&
         text.find("？") == std::string_view::npos && text.find("，") == std::string_view::npos;
}

// "我叫张三": the name that it ends with.
std::string name_in(const Turn& turn, std::string text) {
  const Entity* person = turn.heard.first("person");
  const bool led =
      person != nullptr && text.size() > person->text.size() && text.ends_with(person->text);
  return led ? person->text : text;
}

std::int64_t sheet(const Turn& turn, const Order& order) {
  return orders::sheet_version(turn.tx.read(), order);
}

Args with_name(Args args, const std::string& name) {
  args["name"] = name;
  for (const char* typed : {"done", "charges"}) {
    args[typed] = shortened(std::get<std::string>(args.at(typed)));
  }
  return args;
}

}  // namespace

std::optional<std::string> SigningDialog::signed_with(const Turn& turn) const {
  std::string text(trim(turn.message.text));
  drop_number(turn, text);
  text = bare(text);
  const std::string lowered = lower_ascii(text);
  for (const auto& word : list("sign")) {
    if (!lowered.starts_with(word)) continue;
    const std::string_view rest = std::string_view(text).substr(word.size());
    // "signal", "significant": another word.
    const bool goes_on = !rest.empty() && word.back() >= 'a' && word.back() <= 'z' &&
                         std::isalpha(static_cast<unsigned char>(rest.front())) != 0;
    if (!goes_on) return name_in(turn, bare(rest));
  }
  return std::nullopt;
}

std::vector<Order> SigningDialog::waiting(const Turn& turn) const {
  auto open = orders::open_theirs(turn);
  std::erase_if(open, [](const Order& order) { return !waits(order); });
  return open;
}

Outcome SigningDialog::intercept(Turn& turn) {
  if (turn.staff) return Outcome::not_mine;
  if (const auto memory = turn.session.memory.find(memory_key);
      memory != turn.session.memory.end()) {
    const Json pending = *memory;
    turn.session.memory.erase(memory_key);
    const Outcome outcome = settle(turn, pending);
    if (outcome != Outcome::not_mine) return outcome;
  }
  const auto name = signed_with(turn);
  const bool unhappy = !name && turn.heard.intent != Intent::file_complaint &&
                       contains_any(reading(turn.heard), list("unhappy"));
  if (!name && !unhappy) return thanked(turn);
  bool named = false;
  const auto order = orders::named_theirs(turn, named);
  if (named && !order) {
    turn.say(turn.proven ? "status.not_yours" : "signing.not_here");
    return Outcome::answered;
  }
  if (named) {
    if (name)
      begin(turn, *order, *name);
    else if (waits(*order))
      object(turn, *order, turn.kept_text());
    else
      return too_late(turn, *order);
    return Outcome::answered;
  }
  if (!turn.session.stack.empty()) return Outcome::not_mine;
  auto open = waiting(turn);
  if (!name) orders::narrow(turn, orders_.catalogue(), open);
  if (open.empty()) return Outcome::not_mine;
  if (open.size() == 1) {
    if (name)
      begin(turn, open.front(), *name);
    else
      object(turn, open.front(), turn.kept_text());
    return Outcome::answered;
  }
  turn.say(name ? "signing.which" : "signing.which_unhappy");
  for (const auto& one : open) {
    turn.say(name ? "signing.one" : "signing.one_unhappy", {{"number", one.number}});
  }
  if (!name) {
    turn.memory(memory_key) = {
        {"step", "unhappy"}, {"words", first_code_points(turn.kept_text(), words_code_points_max)}};
  }
  return Outcome::answered;
}

// Which one they are not content with.
Outcome SigningDialog::settle_which(Turn& turn, const Json& pending) {
  bool named = false;
  const auto meant = orders::named_theirs(turn, named);
  if (!named) return Outcome::not_mine;
  if (meant && waits(*meant))
    object(turn, *meant, text_of(pending, "words"));
  else
    turn.say("status.not_yours");
  return Outcome::answered;
}

Outcome SigningDialog::settle(Turn& turn, const Json& pending) {
  if (text_of(pending, "step") == "unhappy") return settle_which(turn, pending);
  const auto order = orders::find(turn.tx.read(), text_of(pending, "number"));
  if (!order || !orders::may_see(turn, *order)) return Outcome::not_mine;
  const std::string words = reading(turn.heard);
  if (contains_any(words, list("unhappy"))) {
    object(turn, *order, turn.kept_text());
    return Outcome::answered;
  }
  bool other = false;
  if (orders::named_theirs(turn, other); other) return Outcome::not_mine;
  if (turn.heard.yes_no == false || turn.heard.intent == Intent::deny ||
      is_just(words, list("not_yet"))) {
    turn.say("signing.kept", {{"number", order->number}});
    return Outcome::answered;
  }
  if (text_of(pending, "step") == "name") {
    const auto led = signed_with(turn);
    const std::string name = name_in(turn, led ? *led : bare(turn.message.text));
    if (!is_name(name)) return Outcome::not_mine;
    begin(turn, *order, name);
    return Outcome::answered;
  }
  const bool confirmed = turn.heard.yes_no == true || turn.heard.intent == Intent::affirm ||
                         is_just(words, list("confirm"));
  if (!confirmed) return Outcome::not_mine;
  const std::string name = text_of(pending, "name");
  if (waits(*order) && sheet(turn, *order) != int_of(pending, "version")) {
    turn.say("signing.changed", {{"number", order->number}});
    ask_confirmation(turn, *order, name);
  } else {
    sign(turn, *order, name);
  }
  return Outcome::answered;
}

void SigningDialog::begin(Turn& turn, const Order& order, const std::string& name) {
  if (orders::listed("signed returned archived", order.state)) {
    return turn.say("signing.already", {{"number", order.number}});
  }
  if (orders::listed("declined cancelled", order.state)) {
    return turn.say("signing.nothing",
                    {{"number", order.number}, {"state", turn.phrase("state." + order.state)}});
  }
  if (!waits(order)) {
    return turn.say("signing.not_yet",
                    {{"number", order.number}, {"state", turn.phrase("state." + order.state)}});
  }
  if (is_name(name)) return ask_confirmation(turn, order, name);
  turn.say("signing.ask_name", {{"number", order.number}});
  turn.memory(memory_key) = {{"step", "name"}, {"number", order.number}};
}

void SigningDialog::ask_confirmation(Turn& turn, const Order& order, const std::string& name) {
  turn.say("signing.confirm", with_name(orders_.bill(turn.tx.read(), order, turn.now()), name));
  turn.memory(memory_key) = {{"step", "confirm"},
                             {"number", order.number},
                             {"version", sheet(turn, order)},
                             {"name", name}};
}

void SigningDialog::sign(Turn& turn, const Order& order, const std::string& name) {
  if (!waits(order)) return begin(turn, order, name);
  const Json signature = {{"by", name}, {"role", "customer"}, {"method", "chat"}};
  if (!orders_.act(turn.tx, order.number, "sign", signature, orders::actor_of(turn))) {
    return begin(turn, orders::find(turn.tx.read(), order.number).value_or(order), name);
  }
  turn.say("signing.signed", {{"number", order.number}});
}

// "谢谢师傅，修得不错" while the work waits for a signature: it is asked for.
Outcome SigningDialog::thanked(Turn& turn) {
  if (turn.heard.intent != Intent::thank || !turn.session.stack.empty()) return Outcome::not_mine;
  const auto open = waiting(turn);
  if (open.empty()) return Outcome::not_mine;
  turn.say("signing.thanked", {{"number", open.front().number}});
  return Outcome::answered;
}

// The button of a message that no longer holds.
Outcome SigningDialog::too_late(Turn& turn, const Order& order) {
  const bool done = orders::listed("signed returned archived resolved revisited", order.state);
  const bool ended = orders::listed("declined cancelled merged", order.state);
  if (!done && !ended) return Outcome::not_mine;
  if (done) orders_.dissatisfied(turn.tx, order, orders::actor_of(turn), turn.kept_text());
  turn.say(done ? "signing.unhappy_later" : "signing.nothing",
           {{"number", order.number}, {"state", turn.phrase("state." + order.state)}});
  return Outcome::answered;
}

void SigningDialog::object(Turn& turn, const Order& order, const std::string& words) {
  orders_.dissatisfied(turn.tx, order, orders::actor_of(turn), words);
  turn.say("signing.unhappy", {{"number", order.number}});
}

}  // namespace huiyin::signing
