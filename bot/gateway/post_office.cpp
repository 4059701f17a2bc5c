#include "bot/gateway/post_office.h"

#include <spdlog/spdlog.h>

#include "bot/gateway/front_desk.h"

namespace huiyin {
namespace {

std::pair<std::string, std::string> split(std::string_view conversation) {
  const auto slash = conversation.find('/');
  if (slash == std::string_view::npos) return {};
  return {std::string(conversation.substr(0, slash)), std::string(conversation.substr(slash + 1))};
}

}  // namespace

std::string PostOffice::send(Transaction& tx, const Notice& notice) {
  Outbound out;
  out.template_id = notice.template_id;
  out.category = notice.category;
  out.order = notice.order;
  Language language = notice.language;
  if (!notice.conversation.empty()) {
    address(tx, notice.conversation, out);
    const auto [space, sender] = split(notice.conversation);
    if (auto* c = parts_.log.find(tx.read(), space, sender)) language = session_of(*c).language;
  } else if (!notice.phone.empty()) {
    out.channel = parts_.sms_channel();
    out.to = notice.phone;
  } else {
    out.channel = notice.channel;
    out.to = notice.address;
  }
  const Zone zone = parts_.directory.profile(notice.estate).zone;
  const Moment moment{tx.now(), &zone};
  out.text = parts_.speech.say(notice.template_id, language, notice.args, moment);
  for (auto& [title, payload] :
       parts_.speech.buttons(notice.template_id, language, notice.args, moment)) {
    out.buttons.push_back({std::move(title), std::move(payload)});
  }
  if (!notice.conversation.empty()) note(tx, notice.conversation, store::TurnKind::bot, out, {});
  return parts_.enqueue(tx, out);
}

std::string PostOffice::send_text(Transaction& tx, std::string_view conversation,
                                  std::string_view text, std::string_view by) {
  Outbound out;
  out.template_id = "handover.person_says";
  out.category = "service";
  out.text = text;
  address(tx, std::string(conversation), out);
  note(tx, std::string(conversation), store::TurnKind::person, out, {{"by", by}});
  return parts_.enqueue(tx, out);
}

std::string PostOffice::to_staff(Transaction& tx, const StaffRecord& staff, Notice notice) {
  notice.category = "staff";
  notice.estate = notice.estate.empty() ? staff.estate : notice.estate;
  if (!staff.channel.empty() && !staff.address.empty() && staff.channel != "twilio" &&
      staff.channel != "kannel" && staff.channel != "sms") {
    if (staff.channel == "rest")
      notice.conversation = "rest/" + staff.address;
    else
      notice.channel = staff.channel, notice.address = staff.address;
  } else {
    notice.phone = staff.address.empty() ? staff.phone : staff.address;
  }
  return send(tx, notice);
}

std::string PostOffice::to_role(Transaction& tx, std::string_view role, Notice notice) {
  if (const auto hearer = parts_.directory.hearer(notice.estate, role)) {
    return to_staff(tx, *hearer, std::move(notice));
  }
  const EstateProfile& profile = parts_.directory.profile(notice.estate);
  notice.category = "staff";
  notice.phone =
      profile.duty_phones.empty() ? profile.front_desk_phone : profile.duty_phones.front();
  spdlog::warn("post: nobody holds the role {}; {} goes to the duty phone", role,
               notice.template_id);
  return send(tx, notice);
}

std::optional<std::string> PostOffice::find(Transaction& tx, const std::string& sender) {
  const auto* found = parts_.log.find(tx.read(), sender);
  if (found == nullptr) return std::nullopt;
  return found->space + "/" + found->sender;
}

bool PostOffice::change(Transaction& tx, const std::string& conversation, const Json& event,
                        const std::function<void(Session&)>& change) {
  const auto [space, sender] = split(conversation);
  store::Conversation* found = parts_.log.find(tx.read(), space, sender);
  if (found == nullptr) return false;
  tx.write();  // a failing job must make the log forget what is changed here
  change(session_of(*found));
  append_event(tx, parts_.log, *found, store::TurnKind::event, event);
  return true;
}

void PostOffice::address(Transaction& tx, const std::string& conversation, Outbound& out) const {
  const auto [space, sender] = split(conversation);
  out.to = sender;
  out.channel = space;
  if (space != "sms") return;
  // The gateway that the resident wrote through answers him too.
  out.channel = parts_.sms_channel();
  if (auto* c = parts_.log.find(tx.read(), space, sender); c != nullptr && c->last_turn != 0) {
    const std::string through =
        text_of(session_of(*c).memory.value("way", Json::object()), "channel");
    if (!through.empty()) out.channel = through;
  }
}

void PostOffice::note(Transaction& tx, const std::string& conversation, store::TurnKind kind,
                      const Outbound& out, const Json& extra) {
  const auto [space, sender] = split(conversation);
  tx.write();
  store::Conversation& c = parts_.log.open(tx.append(), space, sender);
  Json reply = {{"text", out.text}};
  for (const auto& button : out.buttons) {
    reply["buttons"].push_back({{"title", button.title}, {"payload", button.payload}});
  }
  Json body = {{"replies", Json::array({reply})}, {"template", out.template_id}};
  if (extra.is_object()) body.update(extra);
  append_event(tx, parts_.log, c, kind, body);
}

}  // namespace huiyin
