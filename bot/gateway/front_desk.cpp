#include "bot/gateway/front_desk.h"

#include <spdlog/spdlog.h>

#include "bot/gateway/tracker.h"
#include "store/base/secret.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr std::size_t understood_code_points_max = 2'000;  // what is behind it is kept, not parsed
constexpr int tracker_rows_max = 10'000;                   // of one conversation
constexpr std::size_t stream_backlog_max = 500;  // rows a reconnecting watcher is caught up with

Json replies_json(const std::vector<Reply>& replies) {
  Json out = Json::array();
  for (const auto& reply : replies) {
    Json one = {{"text", reply.text}};
    for (const auto& button : reply.buttons) {
      one["buttons"].push_back({{"title", button.title}, {"payload", button.payload}});
    }
    if (!reply.image.empty()) one["image"] = reply.image;
    if (!reply.custom.is_null()) one["custom"] = reply.custom;
    out.push_back(std::move(one));
  }
  return out;
}

Reply reply_of(const Json& json) {
  Reply reply;
  reply.text = text_of(json, "text");
  for (const auto& button : json.value("buttons", Json::array())) {
    reply.buttons.push_back({text_of(button, "title"), text_of(button, "payload")});
  }
  reply.image = text_of(json, "image");
  reply.custom = json.value("custom", Json());
  return reply;
}

std::vector<Reply> replies_of(const Json& body) {
  std::vector<Reply> out;
  for (const auto& one : body.value("replies", Json::array())) out.push_back(reply_of(one));
  return out;
}

// What a code or other secret was is not kept, neither as text nor in an entity.
Json entities_json(const Understanding& heard, bool masked) {
  Json out = Json::array();
  if (masked) return out;
  for (const auto& entity : heard.entities) {
    out.push_back({{"entity", entity.kind},
                   {"value", entity.value},
                   {"start", entity.start},
                   {"end", entity.end},
                   {"text", entity.text}});
  }
  return out;
}

}  // namespace

struct FrontDesk::Heard {
  Inbound message;
  Understanding heard;
  std::string space;
  std::string scope;  // within which the message id counts
};

class FrontDesk::Watching final : public Front::Watch,
                                  public std::enable_shared_from_this<FrontDesk::Watching> {
 public:
  std::string sender;
  StreamEvent event;
  std::mutex mutex;  // one push at a time, in order
  std::int64_t last = 0;
};

Session& session_of(store::Conversation& conversation) {
  if (!conversation.state) {
    auto session = Session::from_json(Json::parse(conversation.session, nullptr, false));
    conversation.state = std::make_shared<Session>(session ? std::move(*session) : Session());
  }
  return *static_cast<Session*>(conversation.state.get());
}

std::int64_t append_event(Transaction& tx, store::ConversationLog& log,
                          store::Conversation& conversation, store::TurnKind kind,
                          const Json& body) {
  return log.append(tx.append(), conversation, kind, tx.now(), dump_json(body),
                    dump_json(session_of(conversation).to_json()));
}

FrontDesk::FrontDesk(FrontParts parts) : parts_(std::move(parts)) {}

void FrontDesk::add_channel(const Channel& channel) {
  const auto& space = channel.capabilities().conversation_space;
  spaces_[std::string(channel.name())] = space.empty() ? std::string(channel.name()) : space;
}

std::string FrontDesk::space_of(const std::string& channel) const {
  const auto it = spaces_.find(channel);
  return it == spaces_.end() ? channel : it->second;
}

void FrontDesk::accept(Inbound message, std::function<void(Result<TurnAnswer>)> done) {
  auto heard = std::make_shared<Heard>();
  heard->space = space_of(message.channel);
  heard->scope = heard->space == "rest" ? "rest/" + message.sender : message.channel;
  heard->message = std::move(message);
  const std::string& text = heard->message.text;
  const Zone zone = parts_.engine.parts().directory.profile(heard->message.estate).zone;
  const ParseContext context{parts_.clock.now(), &zone};
  heard->heard =
      text.size() <= understood_code_points_max
          ? parts_.understander.parse(text, context)
          : parts_.understander.parse(first_code_points(text, understood_code_points_max), context);
  auto answer = std::make_shared<TurnAnswer>();
  LaneJob job;
  job.run = [this, heard, answer](Transaction& tx) { run_turn(tx, *heard, *answer); };
  job.done = [this, heard, answer, done](Result<void> result) {
    if (result) return done(std::move(*answer));
    if (result.error().kind == ErrorKind::corrupt) return apologise(heard, done);
    done(tl::unexpected(result.error()));
  };
  if (!parts_.lane.submit(std::move(job))) {
    done(fail(ErrorKind::transient, "the house is overloaded or stopping"));
  }
}

void FrontDesk::run_turn(Transaction& tx, Heard& heard, TurnAnswer& answer) {
  answer = {};
  const Inbound& message = heard.message;
  auto& log = parts_.log;
  if (!message.message_id.empty()) {
    if (const auto before = log.taken(tx.read(), heard.scope, message.message_id)) {
      answer.replies = replies_of(before->body);
      answer.repeated = true;
      return;
    }
  }
  store::Conversation& conversation = log.open(tx.append(), heard.space, message.sender);
  const std::int64_t id = conversation.id;
  bool proven = message.proven;
  if (heard.space == "rest") {
    const bool first = conversation.token_hash.empty();
    const bool right = !first && !message.token.empty() &&
                       equal_constant_time(hash_secret(message.token), conversation.token_hash);
    // In the sandbox a sender is believed as long as it shows no wrong token.
    proven = right || (parts_.sandbox && message.token.empty());
    if (first) {
      answer.session_token = new_token();
      log.set_token(tx.append(), conversation, hash_secret(answer.session_token));
    }
  }
  Session& session = session_of(conversation);
  try {
    TurnResult turn = parts_.engine.run(message, heard.heard, session, tx, heard.space, proven);
    for (auto& reply : turn.replies) reply.text = safe_for_display(reply.text);
    // Where to answer later: the SMS gateway that the resident wrote through.
    if (heard.space != message.channel) session.memory["way"]["channel"] = message.channel;
    const bool masked = !turn.masked_text.empty();
    Json body = {{"channel", message.channel},
                 {"text", masked ? turn.masked_text : message.text},
                 {"intent", to_string(heard.heard.intent)},
                 {"confidence", heard.heard.confidence},
                 {"entities", entities_json(heard.heard, masked)},
                 {"replies", replies_json(turn.replies)}};
    if (!turn.actions.empty()) body["actions"] = turn.actions;
    if (turn.silent) body["silent"] = "a person holds the conversation";
    if (!message.message_id.empty()) {
      body["message_id"] = message.message_id;
      body["scope"] = heard.scope;
    }
    for (const auto& attachment : message.attachments) {
      body["attachments"].push_back({{"kind", attachment.kind}, {"url", attachment.url}});
    }
    // The engine may have opened other conversations meanwhile: look ours up again.
    store::Conversation* ours = log.find(tx.read(), heard.space, message.sender);
    if (ours == nullptr || ours->id != id) throw std::runtime_error("the conversation is gone");
    log.append(tx.append(), *ours, store::TurnKind::message, tx.now(), dump_json(body),
               dump_json(session.to_json()), heard.scope, message.message_id);
    answer.replies = std::move(turn.replies);
  } catch (...) {
    // The session was changed in place and does not stand.
    if (store::Conversation* ours = log.find(tx.read(), heard.space, message.sender)) {
      ours->state.reset();
    }
    throw;
  }
}

// A turn threw and left no trace; the message is answered all the same, and a person looks at it.
void FrontDesk::apologise(std::shared_ptr<Heard> heard,
                          std::function<void(Result<TurnAnswer>)> done) {
  auto answer = std::make_shared<TurnAnswer>();
  LaneJob job;
  job.run = [this, heard, answer](Transaction& tx) {
    *answer = {};
    store::Conversation& conversation =
        parts_.log.open(tx.append(), heard->space, heard->message.sender);
    Session& session = session_of(conversation);
    TurnResult turn =
        parts_.engine.apologise(heard->message, heard->heard, session, tx, heard->space);
    Json body = {{"channel", heard->message.channel},
                 {"text", heard->message.text},
                 {"intent", to_string(heard->heard.intent)},
                 {"replies", replies_json(turn.replies)},
                 {"error", "the turn failed; a person was called"}};
    if (!heard->message.message_id.empty()) {
      body["message_id"] = heard->message.message_id;
      body["scope"] = heard->scope;
    }
    store::Conversation* ours = parts_.log.find(tx.read(), heard->space, heard->message.sender);
    parts_.log.append(tx.append(), *ours, store::TurnKind::message, tx.now(), dump_json(body),
                      dump_json(session.to_json()), heard->scope, heard->message.message_id);
    answer->replies = std::move(turn.replies);
  };
  job.done = [answer, done](Result<void> result) {
    if (result) return done(std::move(*answer));
    done(fail(ErrorKind::transient, "the turn failed"));
  };
  if (!parts_.lane.submit(std::move(job))) {
    done(fail(ErrorKind::transient, "the house is overloaded or stopping"));
  }
}

void FrontDesk::receive(Receipt receipt, std::function<void(Result<void>)> done) {
  LaneJob job;
  job.run = [this, receipt = std::move(receipt)](Transaction& tx) {
    parts_.take_receipt(tx, receipt);
  };
  job.done = done;
  if (!parts_.lane.submit(std::move(job))) {
    done(fail(ErrorKind::transient, "the house is overloaded or stopping"));
  }
}

store::Conversation* FrontDesk::conversation_of(store::Connection& db, const std::string& sender) {
  if (auto* by_phone = parts_.log.find(db, "sms", sender)) return by_phone;
  for (const auto& [channel, space] : spaces_) {
    if (space == "sms") continue;
    if (auto* found = parts_.log.find(db, space, sender)) return found;
  }
  return nullptr;
}

Result<Json> FrontDesk::tracker(const std::string& sender) {
  std::optional<std::int64_t> newest;
  Session session;
  const auto done = parts_.lane.run([&](Transaction& tx) {
    if (auto* found = conversation_of(tx.read(), sender)) {
      newest = found->last_turn;
      session = session_of(*found);
    }
  });
  if (!done) return tl::unexpected(done.error());
  if (!newest) return fail(ErrorKind::not_found, "nobody wrote under that name", "sender");
  return parts_.database.read([&](store::Connection& db) {
    return make_tracker(sender, store::ConversationLog::history(db, *newest, tracker_rows_max),
                        session);
  });
}

void FrontDesk::watch(std::string sender, std::string token, std::int64_t after, StreamEvent event,
                      std::function<void(Result<std::shared_ptr<Watch>>)> done) {
  auto watching = std::make_shared<Watching>();
  watching->sender = std::move(sender);
  watching->event = std::move(event);
  auto allowed = std::make_shared<bool>(false);
  LaneJob job;
  job.run = [this, watching, allowed, token = std::move(token), after](Transaction& tx) {
    const store::Conversation* conversation = parts_.log.find(tx.read(), "rest", watching->sender);
    *allowed = conversation != nullptr && !conversation->token_hash.empty() && !token.empty() &&
               equal_constant_time(hash_secret(token), conversation->token_hash);
    if (*allowed) watching->last = after > 0 ? after : conversation->last_turn;
  };
  job.done = [this, watching, allowed, done](Result<void> result) {
    if (!result) return done(tl::unexpected(result.error()));
    if (!*allowed) {
      return done(fail(ErrorKind::unauthorized, "the stream needs the sender's session token"));
    }
    {
      const std::lock_guard lock(mutex_);
      watchers_.emplace(watching->sender, watching);
    }
    done(std::shared_ptr<Watch>(watching));
    publish(watching->sender);
  };
  if (!parts_.lane.submit(std::move(job))) {
    done(fail(ErrorKind::transient, "the house is overloaded or stopping"));
  }
}

void FrontDesk::publish(const std::string& sender) {
  std::vector<std::shared_ptr<Watching>> interested;
  {
    const std::lock_guard lock(mutex_);
    auto [at, end] = watchers_.equal_range(sender);
    while (at != end) {
      if (auto alive = at->second.lock()) {
        interested.push_back(std::move(alive));
        ++at;
      } else {
        at = watchers_.erase(at);
      }
    }
  }
  for (const auto& watching : interested) push_new(watching);
}

void FrontDesk::push_new(const std::shared_ptr<Watching>& watching) {
  auto newest = std::make_shared<std::int64_t>(0);
  LaneJob job;  // only the lane knows the newest row of a conversation
  job.run = [this, watching, newest](Transaction& tx) {
    if (const auto* c = parts_.log.find(tx.read(), "rest", watching->sender))
      *newest = c->last_turn;
  };
  job.done = [this, watching, newest](Result<void> result) {
    if (!result) return;
    const std::lock_guard lock(watching->mutex);
    std::vector<store::TurnRow> rows;
    parts_.database.read([&](store::Connection& db) {
      std::int64_t id = *newest;
      while (id > watching->last && rows.size() < stream_backlog_max) {
        auto row = store::ConversationLog::read(db, id);
        if (!row) break;
        id = row->prev;
        rows.push_back(std::move(*row));
      }
    });
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
      watching->last = row->id;
      if (row->kind != store::TurnKind::bot && row->kind != store::TurnKind::person) continue;
      for (const auto& reply : replies_of(row->body)) watching->event(row->id, reply);
    }
  };
  if (!parts_.lane.submit(std::move(job))) {
    spdlog::warn("stream: a watcher was not told of news; it will be with the next");
  }
}

}  // namespace huiyin
