// The person's side over the operator API: which conversations wait for a person, and their words.
#include "dialogs/handover/handover.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

const Roles desk_roles{"admin", "front_desk", "service_supervisor"};
constexpr std::size_t text_code_points_max = 2'000;

Json text_body() {
  return {{"type", "object"},
          {"required", {"text"}},
          {"properties", {{"text", {{"type", "string"}, {"minLength", 1}}}}}};
}

http::Response unknown_sender() {
  return http::Response::problem(404, "Not Found", "nobody wrote under that name");
}

}  // namespace

void Handover::add_to(Api& api) {
  api.add(
      {"GET",
       "/api/v1/handovers",
       desk_roles,
       "Conversations that a person holds",
       {},
       {},
       200,
       "application/json",
       {"limit", "cursor"}},
      [this](ApiCall& call) {
        const auto limit = call.limit();
        const auto cursor = call.cursor();
        if (!limit) return http::Response::from(limit.error());
        if (!cursor) return http::Response::from(cursor.error());
        return call.read([&, this](store::Connection& db) {
          Json items = Json::array();
          Json next;
          for (const auto& [id, conversation, estate, reason, opened, task] :
               db.query<std::int64_t, std::string, std::string, std::string, std::int64_t,
                        std::string>(
                   HUIYIN_WAITING_HANDOVERS("id, conversation, estate, reason, opened_at, "
                                            "task") " AND id > :c ORDER BY id LIMIT :l",
                   *cursor, *limit + 1)) {
            if (static_cast<int>(items.size()) == *limit) {
              next = std::to_string(items.back()["id"].get<std::int64_t>());
              break;
            }
            items.push_back(
                {{"id", id},
                 {"sender", conversation.substr(conversation.find('/') + 1)},
                 {"estate", estate},
                 {"reason", reason},
                 {"opened_at", parts_.directory.profile(estate).zone.rfc3339(from_millis(opened))},
                 {"task", task.empty() ? Json() : Json(task)}});
          }
          return http::Response::json(200, {{"items", items}, {"next", next}});
        });
      });
  for (const char* prefix : {"/api/v1/conversations", "/conversations"}) {
    api.add({"POST",
             std::string(prefix) + "/{sender}/messages",
             desk_roles,
             "A person writes to the resident",
             text_body(),
             {},
             202,
             "application/json",
             {}},
            [this](ApiCall& call) { return post_message(call); });
    api.add({"POST",
             std::string(prefix) + "/{sender}/tracker/events",
             desk_roles,
             "Rasa's pause and resume",
             {{"type", "object"},
              {"required", {"event"}},
              {"properties", {{"event", {{"type", "string"}, {"enum", {"pause", "resume"}}}}}}},
             {},
             200,
             "application/json",
             {}},
            [this](ApiCall& call) { return post_event(call); });
  }
}

http::Response Handover::post_message(ApiCall& call) {
  const std::string text = text_of(call.body(), "text");
  if (trim(text).empty() || code_points(text) > text_code_points_max) {
    return http::bad_request("text", "must have 1 to 2000 characters");
  }
  return call.write([&](Transaction& tx) {
    const auto conversation =
        parts_.conversations.find(tx, call.request().params.find("sender")->second);
    if (!conversation) return unknown_sender();
    const Held target = held(tx.read(), *conversation).value_or(Held{0, *conversation, ""});
    say_as_person(tx, target, text, call.who().actor());
    return http::Response::json(202, {{"sender", call.request().params.find("sender")->second}});
  });
}

http::Response Handover::post_event(ApiCall& call) {
  const std::string event = text_of(call.body(), "event");
  if (event != "pause" && event != "resume") {
    return http::bad_request("event", "must be pause or resume");
  }
  return call.write([&](Transaction& tx) {
    const auto conversation =
        parts_.conversations.find(tx, call.request().params.find("sender")->second);
    if (!conversation) return unknown_sender();
    if (event == "pause")
      hold(tx, *conversation, "event");
    else
      give_back(tx, *conversation, "event");
    return http::Response::json(200, {{"event", event}});
  });
}

}  // namespace huiyin
