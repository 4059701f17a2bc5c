// The register of calls, letters and visits (来人来电来访登记表, R4.2): every complaint, suggestion
// and word of praise, whoever takes it and however it comes. A row stays; only what its order
// had corrected right after is corrected in it, too.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "store/base/time.h"
#include "store/database.h"

namespace huiyin::contacts {

std::vector<store::Migration> migrations();

struct Contact {
  std::int64_t id = 0;
  Instant at{};
  std::string channel;            // call letter visit chat other
  std::string name, phone, unit;  // empty: not told
  std::string content;
  std::string order;  // the number it led to; may be empty
  std::string estate;
};

// Lane's thread. Name, phone and words are kept by reference under `subject` (store/personal.h).
std::int64_t add(store::Connection& db, const Contact& contact, std::string_view subject);
// Puts what an order now says in place of what its row says: name, phone, unit, estate, content.
// An order without a row changes nothing.
void change_of_order(store::Connection& db, const Contact& contact, std::string_view subject);
// What a list leaves out; an empty member leaves out nothing.
struct ContactFilter {
  std::string channel, estate, unit, order;
  std::optional<Instant> from, to;  // `to` exclusive
};
// Newest first; `before` 0: from the end.
std::vector<Contact> list(store::Connection& db, std::int64_t before, int limit,
                          const ContactFilter& filter = {});

}  // namespace huiyin::contacts
