// One connection to the database with its prepared statements kept, over SOCI. Not thread-safe:
// the writer belongs to the lane's thread, a reader to whoever borrowed it.
//
//   db.exec("UPDATE outbox SET state = :s WHERE id = :i", state, id);
//   auto rows = db.query<std::int64_t, std::string>("SELECT id, text FROM notes WHERE person = :p",
//                                                   person);
//
// SQL must be a string literal (a statement is kept by its address). In and out types:
// std::int64_t, double, std::string and std::optional of these for NULL. Throws DatabaseError.
#pragma once
#include <soci/soci.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <typeindex>
#include <unordered_map>
#include <vector>

namespace huiyin::store {

class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& what, bool transaction_lost)
      : std::runtime_error(what), transaction_lost(transaction_lost) {}
  const bool transaction_lost;  // disk full, I/O: savepoints and all are gone
};

// A string literal; keeps other strings from becoming cache keys.
class Sql {
 public:
  template <std::size_t N>
  consteval Sql(const char (&text)[N]) : text_(text) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

namespace detail {
template <class T>
struct Slot {
  T value{};
  soci::indicator indicator = soci::i_ok;
  void set(const T& in) { value = in; }
  T get() const { return value; }
};
// SOCI reads texts up to a NUL; one inside becomes U+FFFD so that nothing behind it is cut off.
template <>
struct Slot<std::string> {
  std::string value;
  soci::indicator indicator = soci::i_ok;
  void set(const std::string& in) {
    value = in;
    for (auto at = value.find('\0'); at != std::string::npos; at = value.find('\0', at)) {
      value.replace(at, 1, "\xEF\xBF\xBD");
    }
  }
  const std::string& get() const { return value; }
};
template <class T>
struct Slot<std::optional<T>> {
  T value{};
  soci::indicator indicator = soci::i_null;
  void set(const std::optional<T>& in) {
    indicator = in ? soci::i_ok : soci::i_null;
    value = in ? *in : T{};
  }
  std::optional<T> get() const {
    return indicator == soci::i_ok ? std::optional<T>(value) : std::nullopt;
  }
};
// SOCI knows long long, int64_t is long here.
template <>
struct Slot<std::int64_t> {
  long long value{};
  soci::indicator indicator = soci::i_ok;
  void set(std::int64_t in) { value = in; }
  std::int64_t get() const { return value; }
};
template <>
struct Slot<std::optional<std::int64_t>> {
  long long value{};
  soci::indicator indicator = soci::i_null;
  void set(const std::optional<std::int64_t>& in) {
    indicator = in ? soci::i_ok : soci::i_null;
    value = in.value_or(0);
  }
  std::optional<std::int64_t> get() const {
    return indicator == soci::i_ok ? std::optional<std::int64_t>(value) : std::nullopt;
  }
};
// What a caller passes → what is kept.
template <class T>
struct Kept {
  using type = T;
};
template <>
struct Kept<int> {
  using type = std::int64_t;
};
template <>
struct Kept<long long> {
  using type = std::int64_t;
};
template <>
struct Kept<bool> {
  using type = std::int64_t;
};
template <>
struct Kept<const char*> {
  using type = std::string;
};
template <>
struct Kept<char*> {
  using type = std::string;
};
template <>
struct Kept<std::string_view> {
  using type = std::string;
};
template <class T>
using kept_t = typename Kept<std::decay_t<T>>::type;

struct StatementBase {
  virtual ~StatementBase() = default;
};
template <class In, class Out>
struct Statement;
template <class... In, class... Out>
struct Statement<std::tuple<In...>, std::tuple<Out...>> : StatementBase {
  std::tuple<Slot<In>...> in;
  std::tuple<Slot<Out>...> out;
  soci::statement statement;
  explicit Statement(soci::session& session) : statement(session) {}
};
}  // namespace detail

class Connection {
 public:
  // Opens an SQLite file with the product's pragmas. `read_only` connections see committed data.
  Connection(const std::string& sqlite_file, bool read_only);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs a statement; returns the number of rows it changed.
  template <class... In>
  std::int64_t exec(Sql sql, const In&... in) {
    auto& s = prepare<std::tuple<>, detail::kept_t<In>...>(sql);
    return run(sql, [&] {
      bind(s, in...);
      s.statement.execute(true);
      return static_cast<std::int64_t>(s.statement.get_affected_rows());
    });
  }
  // All rows of a query (or of a statement with RETURNING).
  template <class... Out, class... In>
  std::vector<std::tuple<Out...>> query(Sql sql, const In&... in) {
    auto& s = prepare<std::tuple<Out...>, detail::kept_t<In>...>(sql);
    return run(sql, [&] {
      bind(s, in...);
      std::vector<std::tuple<Out...>> rows;
      s.statement.execute(false);
      while (s.statement.fetch()) {  // to the end: a half-read RETURNING blocks the COMMIT
        rows.push_back(std::apply(
            [](const auto&... slot) { return std::tuple<Out...>(slot.get()...); }, s.out));
      }
      return rows;
    });
  }
  // The first row, if any.
  template <class... Out, class... In>
  std::optional<std::tuple<Out...>> first(Sql sql, const In&... in) {
    auto rows = query<Out...>(sql, in...);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  }
  // One value of the first row, if any.
  template <class Out, class... In>
  std::optional<Out> value(Sql sql, const In&... in) {
    auto rows = query<Out>(sql, in...);
    if (rows.empty()) return std::nullopt;
    return std::move(std::get<0>(rows.front()));
  }

  // Statements that are made at run time (migrations, filters with optional parts): not kept.
  soci::session& session() { return session_; }
  void script(const std::string& sql);  // several statements, separated by ';'

  // Called after every commit, on the committing thread, with the pages that the write-ahead log
  // holds; takes the place of SQLite's automatic checkpoint. Empty: no more.
  void on_commit(std::function<void(int pages)> hook);
  struct Checkpointed {
    int pages;   // in the log
    int copied;  // of them, into the database
  };
  // Copies what no reader holds back, without waiting for anybody; none when another connection is
  // at it or the file cannot be written.
  std::optional<Checkpointed> checkpoint();

  bool in_transaction() const;  // sqlite3_get_autocommit: false after a lost transaction
  std::int64_t last_insert_id() const;

 private:
  template <class Out, class... In>
  detail::Statement<std::tuple<In...>, Out>& prepare(Sql sql) {
    using S = detail::Statement<std::tuple<In...>, Out>;
    auto& entry = statements_[Key{sql.text(), typeid(S)}];
    if (!entry) {
      auto made = std::make_unique<S>(session_);
      run(sql, [&] {
        made->statement.alloc();
        std::apply(
            [&](auto&... slot) {
              (made->statement.exchange(soci::into(slot.value, slot.indicator)), ...);
            },
            made->out);
        std::apply(
            [&](auto&... slot) {
              (made->statement.exchange(soci::use(slot.value, slot.indicator)), ...);
            },
            made->in);
        made->statement.prepare(sql.text());
        made->statement.define_and_bind();
        return 0;
      });
      entry = std::move(made);
    }
    return static_cast<S&>(*entry);
  }
  template <class S, class... In>
  static void bind(S& s, const In&... in) {
    std::apply([&](auto&... slot) { (slot.set(detail::kept_t<In>(in)), ...); }, s.in);
  }
  template <class F>
  auto run(Sql sql, F&& f) {
    try {
      return f();
    } catch (const soci::soci_error& e) {
      translate(sql.text(), e);
    }
  }
  [[noreturn]] void translate(const char* sql, const std::exception& e);

  struct Key {
    const char* text;
    std::type_index type;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& k) const {
      return std::hash<const void*>()(k.text) ^ k.type.hash_code();
    }
  };

  soci::session session_;
  void* handle_ = nullptr;  // sqlite3*
  std::function<void(int)> on_commit_;
  std::unordered_map<Key, std::unique_ptr<detail::StatementBase>, KeyHash> statements_;
};

}  // namespace huiyin::store
