// Number books: stub books of numbered paper work orders, for when the desk must write by hand
// (R8.3, R8.16, R8.17). The archivist issues them; a dispatcher gets the next one only against the
// stubs of the one before, and each page that is missing or damaged proposes a penalty. The numbers
// of the product's own orders need no book: they are given out without gaps (store/numbers.h) and
// `huiyin verify` counts them.
#pragma once
#include "dialogs/dispatch/penalties.h"

namespace huiyin::dispatch {

struct NumberBook {
  std::int64_t id = 0;
  std::string kind, estate;  // kind of a work order
  std::int64_t first = 0, last = 0;
  std::int64_t dispatcher = 0;
  std::string issued_by, returned_by;
  Instant issued_at{};
  std::optional<Instant> returned_at;
  std::optional<std::int64_t> stubs;
};

struct ReturnedPages {
  std::int64_t stubs = 0;  // how many were handed in, the damaged ones among them
  std::vector<std::int64_t> missing, damaged;
};

inline constexpr std::int64_t book_pages_max = 1'000;

class NumberBooks {
 public:
  NumberBooks(const Directory& directory, Penalties& penalties)
      : directory_(directory), penalties_(penalties) {}

  // 400: a member at fault; 409: the dispatcher has a book out, or the numbers are in another book.
  orders::Acted<NumberBook> issue(Transaction& tx, const Json& body, const orders::Actor& actor,
                                  std::string_view own_estate);
  // Every page is either among the stubs or missing (400). One proposed penalty R8.17 a page at
  // fault, told in one message. 404; 409 when it was returned.
  orders::Acted<NumberBook> take_back(Transaction& tx, std::int64_t id, const Json& body,
                                      const orders::Actor& actor);

 private:
  orders::Acted<void> check_free(store::Connection& db, const NumberBook& book) const;
  void propose_pages(Transaction& tx, const NumberBook& book, const ReturnedPages& pages,
                     const orders::Actor& actor);

  const Directory& directory_;
  Penalties& penalties_;
};

std::optional<NumberBook> find_book(store::Connection& db, std::int64_t id);
// Newest first; `dispatcher` 0: anybody's.
std::vector<NumberBook> list_books(store::Connection& db, std::int64_t dispatcher,
                                   std::int64_t before, int limit);
Json to_json(store::Connection& db, const NumberBook& book, const Zone& zone);

}  // namespace huiyin::dispatch
