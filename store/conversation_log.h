// The log of conversations: what every message said and was answered, with the session after it,
// in one append-only row a turn. It is the inbox (one turn per message id) and the memory of
// sessions at once.
//
// Few wide rows: a turn costs one INSERT. The tables that are looked up by key (conversations,
// inbox) are folded in later, a slice at a time inside commits that happen anyway; until then this
// class knows the answers in memory, and after a restart it learns them again from the rows behind
// the watermark. Lane's thread only; forget() after a lost transaction.
#pragma once
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/base/json.h"
#include "store/base/time.h"
#include "store/connection.h"

namespace huiyin::store {

enum class TurnKind : int {
  message = 1,  // a message of the sender and its answer
  bot = 2,      // a message that started from our side
  person = 3,   // a person's message to the resident
  event = 4,    // pause, resume, ...
};

struct TurnRow {
  std::int64_t id = 0;
  std::int64_t prev = 0;
  Instant at{};
  TurnKind kind = TurnKind::message;
  Json body;
};

// A live conversation. `state` is the session as its owner (bot/talk) keeps it in memory.
struct Conversation {
  std::int64_t id = 0;
  std::string space, sender;
  std::int64_t last_turn = 0;
  std::string session;          // JSON text; "" before the first turn
  std::string token_hash;       // of the session token; "" before one was given
  std::int64_t born = 0;        // all its turns are behind this one; 0: not known
  std::shared_ptr<void> state;  // parsed session, owned by bot/talk; null after a (re)load
};

struct LogLimits {
  std::size_t cached_max = 4'000;    // conversations kept in memory
  std::size_t unfolded_max = 8'192;  // turns behind which folding begins
  std::size_t fold_slice = 64;       // rows folded in one commit, at least; twice what it appended
};

class ConversationLog {
 public:
  explicit ConversationLog(LogLimits limits = {}) : limits_(limits) {}

  // Reads the watermark and what lies behind it. Call once, before the lane starts.
  void load(Connection& db);

  // The conversation, made when it is new. The reference holds until the next call of open() or
  // forget().
  Conversation& open(Connection& db, std::string_view space, std::string_view sender);
  // A conversation that find() does not know, with the hash of its session token (or "").
  Conversation& add(Connection& db, std::string_view space, std::string_view sender,
                    std::string token_hash);
  // As open() without making it; null when nobody wrote under that name.
  Conversation* find(Connection& db, std::string_view space, std::string_view sender);
  // Where only the sender is named: first among SMS, where a sender is who it says, then wherever
  // it wrote first.
  Conversation* find(Connection& db, std::string_view sender);

  // The turn that a message id was taken with, if any. `scope` is the space, or space and sender
  // where ids count within a sender: then `within` is its conversation, and one that began a moment
  // ago is answered from memory.
  std::optional<TurnRow> taken(Connection& db, std::string_view scope, std::string_view message_id,
                               const Conversation* within = nullptr);

  // Appends one row. `session` is the session after it (JSON text). With a message id, (scope, id)
  // will be found by taken() from now on.
  std::int64_t append(Connection& db, Conversation& conversation, TurnKind kind, Instant at,
                      std::string body, std::string session, std::string_view scope = {},
                      std::string_view message_id = {});
  void set_token(Connection& db, Conversation& conversation, std::string hash);

  // Rides on a commit: folds a slice when enough has gathered, everything when `all`.
  void fold(Connection& db, bool all = false);
  // A transaction was lost: what was learned since may be wrong. Reads again from the database.
  void forget(Connection& db);

  static std::optional<TurnRow> read(Connection& db, std::int64_t turn);
  // The last `limit` rows before `before` (0: from the end), oldest first; any connection.
  static std::vector<TurnRow> history(Connection& db, std::int64_t last_turn, int limit);

 private:
  struct Dirty {
    std::int64_t first_turn;
    std::int64_t conversation;
  };
  using Order = std::list<Conversation>;

  Conversation& keep(Conversation conversation);
  Conversation* cached(std::string_view key);
  void mark_dirty(const Conversation& conversation, std::int64_t turn);
  void fold_conversations(Connection& db, std::size_t count);
  void fold_inbox(Connection& db, std::size_t count);
  void evict(Connection& db);
  std::int64_t hash_of(std::string_view scope, std::string_view message_id) const;

  const LogLimits limits_;
  std::string hash_key_;  // random, of this installation: nobody can craft collisions
  std::int64_t next_turn_ = 1;
  std::int64_t next_conversation_ = 1;
  std::size_t appended_ = 0;                                 // since the last fold()
  Order order_;                                              // most recently used first
  std::unordered_map<std::string, Order::iterator> by_key_;  // "space/sender"
  std::unordered_map<std::int64_t, Order::iterator> by_id_;
  std::deque<Dirty> dirty_;                                     // by first unfolded turn
  std::unordered_map<std::int64_t, std::int64_t> dirty_since_;  // conversation -> first turn
  using Entry = std::pair<std::int64_t, std::int64_t>;          // hash, turn
  std::unordered_map<std::int64_t, std::int64_t> inbox_;        // hash -> turn, not yet folded
  std::vector<Entry> inbox_new_;                                // in order of turns
  // The batch that is being folded, highest hash first: slices that lie side by side in the table
  // touch a tenth of the pages that they would in the order in which they came.
  std::vector<Entry> inbox_folding_;
  std::int64_t inbox_folding_from_ = 0;  // its first turn
  std::int64_t inbox_folded_to_ = 0;     // the last turn of the newest batch
};

}  // namespace huiyin::store
