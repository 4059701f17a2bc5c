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

void append_reply(std::string& out, const Reply& reply) {
  out += R"({"text":)";
  append_quoted(out, reply.text);
  if (!reply.buttons.empty()) {
    out += R"(,"buttons":[)";
    for (const auto& button : reply.buttons) {
      out += R"({"title":)";
      append_quoted(out, button.title);
      out += R"(,"payload":)";
      append_quoted(out, button.payload);
      out += "},";
    }
    out.back() = ']';
  }
  if (!reply.image.empty()) {
    out += R"(,"image":)";
    append_quoted(out, reply.image);
  }
  if (!reply.custom.is_null()) out += R"(,"custom":)" + dump_json(reply.custom);
  out += '}';
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

// The row of a turn. Written as text at once: it is on the path of every turn. `error`: why it is
// no ordinary one; a phrase of ours, may be empty.
std::string row_text(const Inbound& message, const Understanding& heard, const std::string& scope,
                     const TurnResult& turn, std::string_view error = {}) {
  const bool masked = !turn.masked_text.empty();
  std::string out = R"({"channel":)";
  append_quoted(out, message.channel);
  out += R"(,"text":)";
  append_quoted(out, masked ? turn.masked_text : message.text);
  out += R"(,"intent":)";
  append_quoted(out, to_string(heard.intent));
  char confidence[32];
  std::snprintf(confidence, sizeof confidence, "%.4f", heard.confidence);
  out += R"(,"confidence":)";
  out += confidence;
  const Json entities = entities_json(heard, masked);
  if (!entities.empty()) out += R"(,"entities":)" + dump_json(entities);
  out += R"(,"replies":[)";
  for (const auto& reply : turn.replies) {
    if (out.back() == '}') out += ',';
    append_reply(out, reply);
  }
  out += ']';
  if (!turn.actions.empty()) out += R"(,"actions":)" + dump_json(turn.actions);
  if (turn.silent) out += R"(,"silent":"a person holds the conversation")";
  if (!error.empty()) {
    out += R"(,"error":)";
    append_quoted(out, error);
  }
  if (!message.message_id.empty()) {
    out += R"(,"message_id":)";
    append_quoted(out, message.message_id);
    out += R"(,"scope":)";
    append_quoted(out, scope);
  }
  if (!message.attachments.empty()) {
    Json attachments = Json::array();
    for (const auto& one : message.attachments) {
      attachments.push_back({{"kind", one.kind}, {"url", one.url}});
    }
    out += R"(,"attachments":)" + dump_json(attachments);
  }
  out += '}';
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
                    session_of(conversation).to_text());
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
  job.answers = true;
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
  store::Conversation* known = log.find(tx.read(), heard.space, message.sender);
  // Where ids count within a sender, a new sender cannot have used one.
  const bool may_repeat =
      !message.message_id.empty() && (known != nullptr || heard.space != "rest");
  if (may_repeat) {
    const auto* within = heard.space == "rest" ? known : nullptr;
    if (const auto before = log.taken(tx.read(), heard.scope, message.message_id, within)) {
      answer.replies = replies_of(before->body);
      answer.repeated = true;
      return;
    }
  }
  bool proven = message.proven;
  if (heard.space == "rest") {
    // The token goes to the first client of a sender, once.
    if (known == nullptr) {
      answer.session_token = new_token();
      known = &log.add(tx.append(), heard.space, message.sender, hash_secret(answer.session_token));
    } else if (known->token_hash.empty()) {  // until now only we wrote there
      answer.session_token = new_token();
      log.set_token(tx.append(), *known, hash_secret(answer.session_token));
    }
    const bool right = answer.session_token.empty() && !message.token.empty() &&
                       equal_constant_time(hash_secret(message.token), known->token_hash);
    // In the sandbox a sender is believed as long as it shows no wrong token.
    proven = right || (parts_.sandbox && message.token.empty());
  } else if (known == nullptr) {
    known = &log.add(tx.append(), heard.space, message.sender, {});
  }
  store::Conversation& conversation = *known;
  const std::int64_t id = conversation.id;
  Session& session = session_of(conversation);
  try {
    TurnResult turn = parts_.engine.run(message, heard.heard, session, tx, heard.space, proven);
    for (auto& reply : turn.replies) reply.text = safe_for_display(reply.text);
    // Where to answer later: the SMS gateway that the resident wrote through.
    if (heard.space != message.channel) session.memory["way"]["channel"] = message.channel;
    const std::string body = row_text(heard.message, heard.heard, heard.scope, turn);
    // The engine may have opened other conversations meanwhile: look ours up again.
    store::Conversation* ours = log.find(tx.read(), heard.space, message.sender);
    if (ours == nullptr || ours->id != id) throw std::runtime_error("the conversation is gone");
    log.append(tx.append(), *ours, store::TurnKind::message, tx.now(), body, session.to_text(),
               heard.scope, message.message_id);
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
void FrontDesk::apologise(const std::shared_ptr<Heard>& heard,
                          const std::function<void(Result<TurnAnswer>)>& done) {
  auto answer = std::make_shared<TurnAnswer>();
  LaneJob job;
  job.run = [this, heard, answer](Transaction& tx) {
    *answer = {};
    store::Conversation& conversation =
        parts_.log.open(tx.append(), heard->space, heard->message.sender);
    Session& session = session_of(conversation);
    TurnResult turn =
        parts_.engine.apologise(heard->message, heard->heard, session, tx, heard->space);
    const std::string body = row_text(heard->message, heard->heard, heard->scope, turn,
                                      "the turn failed; a person was called");
    store::Conversation* ours = parts_.log.find(tx.read(), heard->space, heard->message.sender);
    parts_.log.append(tx.append(), *ours, store::TurnKind::message, tx.now(), body,
                      session.to_text(), heard->scope, heard->message.message_id);
    answer->replies = std::move(turn.replies);
  };
  job.answers = true;
  job.done = [answer, done](const Result<void>& result) {
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
  job.answers = true;
  job.done = done;
  if (!parts_.lane.submit(std::move(job))) {
    done(fail(ErrorKind::transient, "the house is overloaded or stopping"));
  }
}

Result<Json> FrontDesk::tracker(const std::string& sender) {
  std::optional<std::int64_t> newest;
  Session session;
  const auto done = parts_.lane.run([&](Transaction& tx) {
    if (auto* found = parts_.log.find(tx.read(), sender)) {
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
  job.answers = true;
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
  job.answers = true;  // it reads the rows and writes to the stream
  job.done = [this, watching, newest](const Result<void>& result) {
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
