#include "dialogs/dispatch/number_books.h"

#include <algorithm>
#include <limits>

#include "dialogs/orders/intake.h"
#include "store/base/money.h"

namespace huiyin::dispatch {
namespace {

constexpr std::int64_t number_max = 999'999'999;

tl::unexpected<orders::Refusal> bad(const std::string& field, const std::string& why) {
  return tl::unexpected<orders::Refusal>({400, field + " " + why, field, {}});
}
tl::unexpected<orders::Refusal> conflict(std::string detail) {
  return tl::unexpected<orders::Refusal>({409, std::move(detail), {}, {}});
}

#define HUIYIN_BOOK_COLUMNS                                                              \
  "SELECT id, kind, estate, first, last, dispatcher, issued_by, issued_at, returned_by," \
  " returned_at, stubs FROM number_books "

template <class... In>
std::vector<NumberBook> query(store::Connection& db, store::Sql sql, const In&... in) {
  std::vector<NumberBook> out;
  for (const auto& [id, kind, estate, first, last, dispatcher, issued_by, issued_at, returned_by,
                    returned_at, stubs] :
       db.query<std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::int64_t,
                std::string, std::int64_t, std::string, std::optional<std::int64_t>,
                std::optional<std::int64_t>>(sql, in...)) {
    NumberBook book{
        id, kind, estate, first, last, dispatcher, issued_by, returned_by, from_millis(issued_at),
        {}, stubs};
    if (returned_at) book.returned_at = from_millis(*returned_at);
    out.push_back(std::move(book));
  }
  return out;
}

// A whole number within bounds; none is a fault.
std::optional<std::int64_t> whole(const Json& body, const char* name, std::int64_t least,
                                  std::int64_t most) {
  const Json value = body.value(name, Json());
  if (!value.is_number_integer()) return std::nullopt;
  const auto number = value.get<std::int64_t>();
  if (number < least || number > most) return std::nullopt;
  return number;
}

// Page numbers of the book, each once; none is a fault. Left out: no pages.
std::optional<std::vector<std::int64_t>> pages_of(const Json& body, const char* name,
                                                  const NumberBook& book) {
  const Json list = body.value(name, Json());
  std::vector<std::int64_t> out;
  if (list.is_null()) return out;
  if (!list.is_array()) return std::nullopt;
  for (const auto& page : list) {
    if (!page.is_number_integer()) return std::nullopt;
    const auto number = page.get<std::int64_t>();
    const bool twice = std::ranges::find(out, number) != out.end();
    if (number < book.first || number > book.last || twice) return std::nullopt;
    out.push_back(number);
  }
  return out;
}

orders::Acted<ReturnedPages> read_pages(const Json& body, const NumberBook& book) {
  const std::int64_t pages = book.last - book.first + 1;
  const std::string range = "must be numbers of this book (" + std::to_string(book.first) + " to " +
                            std::to_string(book.last) + "), each once";
  ReturnedPages out;
  const auto missing = pages_of(body, "missing", book);
  if (!missing) return bad("missing", range);
  const auto damaged = pages_of(body, "damaged", book);
  if (!damaged) return bad("damaged", range);
  for (const auto page : *damaged) {
    if (std::ranges::find(*missing, page) != missing->end()) {
      return bad("damaged", "names a page that is missing");
    }
  }
  const auto handed_in = pages - static_cast<std::int64_t>(missing->size());
  if (whole(body, "stubs", 0, pages) != handed_in) {
    return bad("stubs",
               "and the missing pages must add up to the book: " + std::to_string(handed_in) +
                   " of " + std::to_string(pages) + " were handed in");
  }
  out.stubs = handed_in;
  out.missing = *missing;
  out.damaged = *damaged;
  return out;
}

}  // namespace

orders::Acted<void> NumberBooks::check_free(store::Connection& db, const NumberBook& book) const {
  const auto out = db.value<std::int64_t>(
      "SELECT id FROM number_books WHERE dispatcher = :d AND returned_at IS NULL LIMIT 1",
      book.dispatcher);
  if (out) {
    return conflict("book " + std::to_string(*out) +
                    " of this dispatcher is not returned: a new one only against its stubs");
  }
  const auto same = db.value<std::int64_t>(
      "SELECT id FROM number_books WHERE estate = :e AND kind = :k AND first <= :l AND last >= :f"
      " LIMIT 1",
      book.estate, book.kind, book.last, book.first);
  if (same) return conflict("numbers of it are in book " + std::to_string(*same));
  return {};
}

orders::Acted<NumberBook> NumberBooks::issue(Transaction& tx, const Json& body,
                                             const orders::Actor& actor,
                                             std::string_view own_estate) {
  NumberBook book;
  const Json kind = body.value("kind", Json());
  if (!kind.is_string() || !orders::kind_of(kind.get<std::string>())) {
    return bad("kind", "must be repair, public, complaint or task");
  }
  book.kind = kind.get<std::string>();
  const auto first = whole(body, "from", 1, number_max);
  if (!first) return bad("from", "must be a number, 1 or more");
  const auto last = whole(body, "to", *first, std::min(number_max, *first + book_pages_max - 1));
  if (!last) {
    return bad("to", "must be from or above, of a book of at most " +
                         std::to_string(book_pages_max) + " pages");
  }
  book.first = *first;
  book.last = *last;
  const auto id = whole(body, "dispatcher", 1, std::numeric_limits<std::int64_t>::max());
  const auto dispatcher = id ? directory_.staff_by_id(*id) : std::nullopt;
  if (!dispatcher) return bad("dispatcher", "must be the id of a staff member");
  if (!orders::may_dispatch(directory_, *dispatcher)) {
    return bad("dispatcher", "must be a dispatcher, a supervisor or a department leader (R8.4)");
  }
  book.dispatcher = dispatcher->id;
  book.estate = dispatcher->estate.empty() ? std::string(own_estate) : dispatcher->estate;
  if (auto free = check_free(tx.read(), book); !free) return tl::unexpected(free.error());
  book.issued_by = actor.id;
  book.issued_at = tx.now();
  store::Connection& db = tx.write();
  db.exec(
      "INSERT INTO number_books(kind, estate, first, last, dispatcher, issued_by, issued_at)"
      " VALUES(:k, :e, :f, :l, :d, :b, :t)",
      book.kind, book.estate, book.first, book.last, book.dispatcher, book.issued_by,
      to_millis(book.issued_at));
  book.id = db.last_insert_id();
  return book;
}

orders::Acted<NumberBook> NumberBooks::take_back(Transaction& tx, std::int64_t id, const Json& body,
                                                 const orders::Actor& actor) {
  auto book = find_book(tx.read(), id);
  if (!book) return tl::unexpected<orders::Refusal>({404, "there is no such book", {}, {}});
  if (book->returned_at) return conflict("the book was returned already");
  const auto pages = read_pages(body, *book);
  if (!pages) return tl::unexpected(pages.error());
  book->returned_by = actor.id;
  book->returned_at = tx.now();
  book->stubs = pages->stubs;
  store::Connection& db = tx.write();
  db.exec("UPDATE number_books SET returned_by = :b, returned_at = :t, stubs = :s WHERE id = :i",
          book->returned_by, to_millis(tx.now()), pages->stubs, book->id);
  propose_pages(tx, *book, *pages, actor);
  return *book;
}

void NumberBooks::propose_pages(Transaction& tx, const NumberBook& book, const ReturnedPages& pages,
                                const orders::Actor& actor) {
  std::optional<Penalty> last;
  std::int64_t count = 0, total_fen = 0;
  const auto propose = [&](std::int64_t page, const char* fault) {
    tx.write().exec("INSERT INTO number_book_faults(book, page, fault) VALUES(:b, :p, :f)", book.id,
                    page, fault);
    auto made = penalties_.propose(
        tx, {.rule = find_penalty_rule("R8.17"),
             .estate = book.estate,
             .staff = book.dispatcher,
             .evidence = {{"book", book.id}, {"page", page}, {"fault", fault}},
             .by = actor,
             .once = "R8.17/" + std::to_string(book.id) + "/" + std::to_string(page),
             .tell = false});
    if (!made) return;
    ++count;
    total_fen += made->amount_fen;
    last = std::move(made);
  };
  for (const auto page : pages.missing) propose(page, "missing");
  for (const auto page : pages.damaged) propose(page, "damaged");
  if (!last) return;
  penalties_.tell(tx, *last, last->record_only ? "penalty.pages_recorded" : "penalty.pages",
                  {{"book", std::to_string(book.id)},
                   {"count", count},
                   {"amount", yuan(total_fen)},
                   {"first", std::to_string(last->id - count + 1)},
                   {"last", std::to_string(last->id)}});
}

std::optional<NumberBook> find_book(store::Connection& db, std::int64_t id) {
  auto found = query(db, HUIYIN_BOOK_COLUMNS "WHERE id = :i", id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<NumberBook> list_books(store::Connection& db, std::int64_t dispatcher,
                                   std::int64_t before, int limit) {
  const std::int64_t bound = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  return query(db,
               HUIYIN_BOOK_COLUMNS
               "WHERE id < :b AND (:d = 0 OR dispatcher = :d2) ORDER BY id DESC LIMIT :l",
               bound, dispatcher, dispatcher, limit);
}

Json to_json(store::Connection& db, const NumberBook& book, const Zone& zone) {
  Json faults = {{"missing", Json::array()}, {"damaged", Json::array()}};
  for (const auto& [page, fault] : db.query<std::int64_t, std::string>(
           "SELECT page, fault FROM number_book_faults WHERE book = :b ORDER BY page", book.id)) {
    faults[fault].push_back(page);
  }
  const bool returned = book.returned_at.has_value();
  return {{"id", book.id},
          {"kind", book.kind},
          {"estate", book.estate},
          {"from", book.first},
          {"to", book.last},
          {"dispatcher", book.dispatcher},
          {"issued_by", book.issued_by},
          {"issued_at", zone.rfc3339(book.issued_at)},
          {"state", returned ? "returned" : "issued"},
          {"returned_by", returned ? Json(book.returned_by) : Json(nullptr)},
          {"returned_at", returned ? Json(zone.rfc3339(*book.returned_at)) : Json(nullptr)},
          {"stubs", book.stubs ? Json(*book.stubs) : Json(nullptr)},
          {"missing", faults["missing"]},
          {"damaged", faults["damaged"]}};
}

}  // namespace huiyin::dispatch
