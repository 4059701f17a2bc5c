// What staff write that is no command: a resident's matter where it is clearly one, else they are
// told what they can do now. A technician who writes "弄完了" is not wished a good day.
#include "dialogs/desk/at_desk.h"
#include "dialogs/orders/theirs.h"

namespace huiyin::desk {
namespace {

constexpr double clearly = 0.6;  // of a matter that staff seldom have
constexpr int shown_max = 5;     // orders in hand that are told with what they allow
constexpr std::size_t buttons_max = 6, of_each_max = 2;

// Questions of other subjects that this message may answer.
constexpr const char* questions[] = {"clarify", "open_times", "status",
                                     "consent", "signing",    "identity"};

}  // namespace

bool AtDesk::is_for_others() {
  const Session& session = turn_.session;
  if (!session.stack.empty() || session.paused || !session.waiting.empty()) return true;
  if (turn_.message.text.empty()) return true;  // a picture
  for (const char* question : questions) {
    if (session.memory.contains(question)) return true;
  }
  const auto& heard = turn_.heard;
  const bool home = heard.first("unit") != nullptr;
  const bool thing = heard.first("item") != nullptr || heard.first("place") != nullptr;
  const bool idle = open_of_mine(1).empty();
  switch (heard.intent) {
    case Intent::report_repair:
    case Intent::report_public_fault:
    case Intent::report_emergency:
      // From the midst of work it takes the place of another matter.
      return home || idle ||
             (heard.intent == Intent::report_public_fault && heard.first("place") != nullptr);
    case Intent::inform:
      return (home && thing) || !orders::open_theirs(turn_).empty();
    case Intent::file_complaint:
    case Intent::make_suggestion:
    case Intent::give_praise:
    case Intent::request_form:
    case Intent::update_contact:
    case Intent::greet:
    case Intent::thank:
    case Intent::ask_human:
    case Intent::ask_info:
    case Intent::help:
    case Intent::opt_out:
    case Intent::opt_in:
      return home || heard.confidence >= clearly;
    case Intent::affirm:
    case Intent::deny:
    case Intent::goodbye:
      return idle;
    case Intent::ask_status:
    case Intent::urge:
    case Intent::cancel:
    case Intent::reschedule:
      return heard.first("order") != nullptr || !orders::open_theirs(turn_).empty();
    default:
      return home;
  }
}

bool AtDesk::stop() {
  if (is_for_others()) return false;
  turn_.actions.push_back("fallback");
  const auto mine = open_of_mine(shown_max);
  if (mine.empty()) {
    say("staff.unknown_command");
  } else if (mine.size() == 1) {
    say("desk.unknown", facts(mine.front()), allowed_buttons(mine.front()));
  } else {
    std::string lines;
    std::vector<std::string> buttons;
    for (const auto& order : mine) {
      lines += "\n" + line_of(order);
      std::size_t of_this = 0;
      for (auto& button : allowed_buttons(order)) {
        if (buttons.size() == buttons_max || ++of_this > of_each_max) break;
        buttons.push_back(std::move(button));
      }
    }
    say("desk.unknown_several", {{"orders", lines}}, buttons);
  }
  return true;
}

}  // namespace huiyin::desk
