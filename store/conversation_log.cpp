#include "store/conversation_log.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "store/base/secret.h"
#include "store/meta.h"

namespace huiyin::store {
namespace {

std::string key_of(std::string_view space, std::string_view sender) {
  std::string key(space);
  key += '/';
  key += sender;
  return key;
}

TurnRow row_of(
    const std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string>& row) {
  const auto& [id, prev, at, kind, body] = row;
  return {id, prev, from_millis(at), static_cast<TurnKind>(kind),
          Json::parse(body, nullptr, false)};
}

// The body of a row with the session after it; `session` may be "".
std::string with_session(std::string body, const std::string& session) {
  if (session.empty()) return body;
  body.back() = ',';  // the closing brace of an object that is never empty
  body += R"("session":)";
  body += session;
  body += '}';
  return body;
}

}  // namespace

void ConversationLog::load(Connection& db) {
  if (auto key = get_meta(db, "inbox_key")) {
    hash_key_ = *key;
  } else {
    hash_key_ = new_token();
    set_meta(db, "inbox_key", hash_key_);
  }
  forget(db);
}

void ConversationLog::forget(Connection& db) {
  order_.clear();
  by_key_.clear();
  by_id_.clear();
  dirty_.clear();
  dirty_since_.clear();
  inbox_new_.clear();
  inbox_folding_.clear();
  inbox_.clear();
  const auto watermark = get_meta(db, "turns_folded");
  const std::int64_t folded = watermark ? std::stoll(*watermark) : 0;
  inbox_folded_to_ = INT64_MAX;  // what is behind the watermark may be folded in part
  next_turn_ = db.value<std::int64_t>("SELECT coalesce(max(id), 0) + 1 FROM turns").value();
  next_conversation_ =
      db.value<std::int64_t>("SELECT coalesce(max(id), 0) + 1 FROM conversations").value();
  // What was appended behind the watermark, in order: the last row of a conversation wins.
  for (auto& [id, conversation, body] : db.query<std::int64_t, std::int64_t, std::string>(
           "SELECT id, conversation, body FROM turns WHERE id > :w ORDER BY id", folded)) {
    const auto found = by_id_.find(conversation);
    Conversation* entry = found == by_id_.end() ? nullptr : &*found->second;
    if (entry == nullptr) {
      const auto row = db.first<std::string, std::string, std::optional<std::string>>(
          "SELECT space, sender, token_hash FROM conversations WHERE id = :i", conversation);
      if (!row) continue;
      Conversation fresh;
      fresh.id = conversation;
      std::tie(fresh.space, fresh.sender) = std::tie(std::get<0>(*row), std::get<1>(*row));
      fresh.token_hash = std::get<2>(*row).value_or("");
      entry = &keep(std::move(fresh));
    }
    const Json parsed = Json::parse(body, nullptr, false);
    entry->last_turn = id;
    if (parsed.contains("session")) entry->session = parsed["session"].dump();
    mark_dirty(*entry, id);
    const std::string message_id = text_of(parsed, "message_id");
    if (!message_id.empty()) {
      const std::int64_t hash = hash_of(text_of(parsed, "scope"), message_id);
      inbox_.emplace(hash, id);
      inbox_new_.emplace_back(hash, id);
    }
  }
}

Conversation& ConversationLog::open(Connection& db, std::string_view space,
                                    std::string_view sender) {
  Conversation* known = find(db, space, sender);
  return known != nullptr ? *known : add(db, space, sender, {});
}

Conversation& ConversationLog::add(Connection& db, std::string_view space, std::string_view sender,
                                   std::string token_hash) {
  evict(db);
  Conversation fresh;
  fresh.id = next_conversation_++;
  fresh.space = space;
  fresh.sender = sender;
  fresh.token_hash = std::move(token_hash);
  fresh.born = next_turn_ - 1;
  db.exec("INSERT INTO conversations(id, space, sender, token_hash) VALUES(:i, :s, :n, :t)",
          fresh.id, fresh.space, fresh.sender,
          fresh.token_hash.empty() ? std::nullopt : std::optional<std::string>(fresh.token_hash));
  return keep(std::move(fresh));
}

Conversation* ConversationLog::find(Connection& db, std::string_view space,
                                    std::string_view sender) {
  if (Conversation* known = cached(key_of(space, sender))) return known;
  const auto row =
      db.first<std::int64_t, std::int64_t, std::optional<std::string>, std::optional<std::string>>(
          "SELECT id, last_turn, session, token_hash FROM conversations"
          " WHERE space = :s AND sender = :n",
          space, sender);
  if (!row) return nullptr;
  evict(db);
  Conversation loaded;
  loaded.space = space;
  loaded.sender = sender;
  loaded.id = std::get<0>(*row);
  loaded.last_turn = std::get<1>(*row);
  loaded.session = std::get<2>(*row).value_or("");
  loaded.token_hash = std::get<3>(*row).value_or("");
  return &keep(std::move(loaded));
}

Conversation* ConversationLog::find(Connection& db, std::string_view sender) {
  const auto space = db.value<std::string>(
      "SELECT space FROM conversations WHERE sender = :n ORDER BY space <> 'sms', id LIMIT 1",
      sender);
  return space ? find(db, *space, sender) : nullptr;
}

std::optional<TurnRow> ConversationLog::taken(Connection& db, std::string_view scope,
                                              std::string_view message_id,
                                              const Conversation* within) {
  const std::int64_t hash = hash_of(scope, message_id);
  std::optional<std::int64_t> turn;
  if (const auto it = inbox_.find(hash); it != inbox_.end()) {
    turn = it->second;
  } else if (within != nullptr && within->born >= inbox_folded_to_) {
    return std::nullopt;  // all its ids are still in memory
  } else {
    turn = db.value<std::int64_t>("SELECT turn FROM inbox WHERE hash = :h", hash);
  }
  if (!turn) return std::nullopt;
  auto row = read(db, *turn);
  // 64 bits can meet by chance: only the words themselves decide.
  if (!row || text_of(row->body, "message_id") != message_id ||
      text_of(row->body, "scope") != scope) {
    return std::nullopt;
  }
  return row;
}

std::int64_t ConversationLog::append(Connection& db, Conversation& conversation, TurnKind kind,
                                     Instant at, std::string body, std::string session,
                                     std::string_view scope, std::string_view message_id) {
  const std::int64_t id = next_turn_++;
  ++appended_;
  db.exec(
      "INSERT INTO turns(id, conversation, prev, at, kind, body) VALUES(:i, :c, :p, :a, :k, :b)",
      id, conversation.id, conversation.last_turn, to_millis(at), static_cast<int>(kind),
      with_session(std::move(body), session));
  conversation.last_turn = id;
  if (!session.empty()) conversation.session = std::move(session);
  mark_dirty(conversation, id);
  if (!message_id.empty()) {
    const std::int64_t hash = hash_of(scope, message_id);
    inbox_.insert_or_assign(hash, id);
    inbox_new_.emplace_back(hash, id);
  }
  return id;
}

void ConversationLog::set_token(Connection& db, Conversation& conversation, std::string hash) {
  db.exec("UPDATE conversations SET token_hash = :t WHERE id = :i", hash, conversation.id);
  conversation.token_hash = std::move(hash);
}

void ConversationLog::fold(Connection& db, bool all) {
  const std::size_t slice = std::max(limits_.fold_slice, 2 * std::exchange(appended_, 0));
  const bool many = dirty_.size() >= limits_.unfolded_max;
  const bool old = !dirty_.empty() && next_turn_ - dirty_.front().first_turn >
                                          static_cast<std::int64_t>(limits_.unfolded_max);
  const bool inbox = !inbox_folding_.empty() || inbox_new_.size() >= limits_.unfolded_max;
  if (!many && !old && !inbox && !all) return;
  if (many || old || all) fold_conversations(db, all ? dirty_.size() : slice);
  if (inbox) fold_inbox(db, all ? SIZE_MAX : slice);
  if (all) fold_inbox(db, SIZE_MAX);  // what came in behind the batch
  std::int64_t folded = next_turn_ - 1;
  if (!dirty_.empty()) folded = std::min(folded, dirty_.front().first_turn - 1);
  if (!inbox_new_.empty()) folded = std::min(folded, inbox_new_.front().second - 1);
  if (!inbox_folding_.empty()) folded = std::min(folded, inbox_folding_from_ - 1);
  set_meta(db, "turns_folded", std::to_string(folded));
}

void ConversationLog::fold_conversations(Connection& db, std::size_t count) {
  for (; count > 0 && !dirty_.empty(); --count) {
    const std::int64_t id = dirty_.front().conversation;
    dirty_.pop_front();
    dirty_since_.erase(id);
    const auto it = by_id_.find(id);
    if (it == by_id_.end()) continue;
    db.exec("UPDATE conversations SET last_turn = :l, session = :s WHERE id = :i",
            it->second->last_turn, it->second->session, id);
  }
}

void ConversationLog::fold_inbox(Connection& db, std::size_t count) {
  if (inbox_folding_.empty()) {
    if (inbox_new_.empty()) return;
    inbox_folding_ = std::exchange(inbox_new_, {});
    inbox_folding_from_ = inbox_folding_.front().second;
    inbox_folded_to_ = inbox_folding_.back().second;
    std::ranges::sort(inbox_folding_, std::greater<>());
  }
  for (; count > 0 && !inbox_folding_.empty(); --count) {
    const auto [hash, turn] = inbox_folding_.back();
    inbox_folding_.pop_back();
    inbox_.erase(hash);
    db.exec("INSERT OR REPLACE INTO inbox(hash, turn) VALUES(:h, :t)", hash, turn);
  }
}

// Makes room for one more. A conversation whose session is not folded yet is folded first.
void ConversationLog::evict(Connection& db) {
  while (order_.size() >= limits_.cached_max) {
    Conversation& oldest = order_.back();
    if (dirty_since_.contains(oldest.id)) {
      db.exec("UPDATE conversations SET last_turn = :l, session = :s WHERE id = :i",
              oldest.last_turn, oldest.session, oldest.id);
      dirty_since_.erase(oldest.id);  // its place in dirty_ is passed over when its turn comes
    }
    by_id_.erase(oldest.id);
    by_key_.erase(key_of(oldest.space, oldest.sender));
    order_.pop_back();
  }
}

Conversation& ConversationLog::keep(Conversation conversation) {
  order_.push_front(std::move(conversation));
  by_key_[key_of(order_.front().space, order_.front().sender)] = order_.begin();
  by_id_[order_.front().id] = order_.begin();
  return order_.front();
}

Conversation* ConversationLog::cached(std::string_view key) {
  const auto it = by_key_.find(std::string(key));
  if (it == by_key_.end()) return nullptr;
  order_.splice(order_.begin(), order_, it->second);
  return &*it->second;
}

void ConversationLog::mark_dirty(const Conversation& conversation, std::int64_t turn) {
  if (dirty_since_.emplace(conversation.id, turn).second) {
    dirty_.push_back({turn, conversation.id});
  }
}

std::int64_t ConversationLog::hash_of(std::string_view scope, std::string_view message_id) const {
  std::string text;
  text.reserve(scope.size() + message_id.size() + 1);
  text += scope;
  text += '\0';
  text += message_id;
  unsigned char key[crypto_shorthash_KEYBYTES] = {};
  std::memcpy(key, hash_key_.data(), std::min(sizeof key, hash_key_.size()));
  unsigned char out[crypto_shorthash_BYTES];
  crypto_shorthash(out, reinterpret_cast<const unsigned char*>(text.data()), text.size(), key);
  std::int64_t hash;
  std::memcpy(&hash, out, sizeof hash);
  return hash;
}

std::optional<TurnRow> ConversationLog::read(Connection& db, std::int64_t turn) {
  const auto row = db.first<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string>(
      "SELECT id, prev, at, kind, body FROM turns WHERE id = :i", turn);
  if (!row) return std::nullopt;
  return row_of(*row);
}

std::vector<TurnRow> ConversationLog::history(Connection& db, std::int64_t last_turn, int limit) {
  std::vector<TurnRow> rows;
  for (std::int64_t id = last_turn; id != 0 && limit > 0; --limit) {
    auto row = read(db, id);
    if (!row) break;
    id = row->prev;
    rows.push_back(std::move(*row));
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace huiyin::store
