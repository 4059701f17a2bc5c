// A house for tests of work orders without the engine: a database, one estate with two homes and
// staff, a script that says phrase ids, and a post that keeps what was sent.
#pragma once
#include <gtest/gtest.h>

#include "bot/gateway/api.h"
#include "dialogs/contacts/contacts_log.h"
#include "dialogs/orders/clocks.h"
#include "dialogs/orders/order_json.h"
#include "dialogs/orders/orders.h"
#include "dialogs/orders/orders_dialog.h"
#include "dialogs/orders/schema.h"
#include "dialogs/orders/verify.h"
#include "store/timers.h"
#include "tests/support/temp_dir.h"

namespace huiyin::orders_test {

inline Instant at(std::string_view rfc3339) {
  return parse_rfc3339(rfc3339).value();
}

struct TestTransaction final : Transaction {
  TestTransaction(store::Connection& db, Instant now) : db(db), at(now) {}
  store::Connection& read() override { return db; }
  store::Connection& write() override { return db; }
  store::Connection& append() override { return db; }
  Instant now() const override { return at; }
  void after_commit(std::function<void()>) override {}
  store::Connection& db;
  Instant at;
};

struct Sent {
  std::string to;  // "role:..", "staff:1", a conversation or a phone
  Notice notice;
};

struct TestPost final : Post {
  std::string send(Transaction&, const Notice& notice) override {
    sent.push_back({notice.conversation.empty() ? notice.phone : notice.conversation, notice});
    return "ob_" + std::to_string(sent.size());
  }
  std::string send_text(Transaction&, std::string_view, std::string_view,
                        std::string_view) override {
    return {};
  }
  std::string to_staff(Transaction&, const StaffRecord& staff, Notice notice) override {
    sent.push_back({"staff:" + std::to_string(staff.id), std::move(notice)});
    return {};
  }
  std::string to_role(Transaction&, std::string_view role, Notice notice) override {
    sent.push_back({"role:" + std::string(role), std::move(notice)});
    return {};
  }
  // How many messages of that phrase went there.
  int count(std::string_view to, std::string_view phrase) const {
    int n = 0;
    for (const auto& one : sent) n += one.to == to && one.notice.template_id == phrase;
    return n;
  }
  std::vector<Sent> sent;
};

// Says "<id>" and its arguments, so that a test sees which phrase was chosen with what.
struct TestSpeech final : Speech {
  std::string say(std::string_view id, Language, const Args& args, const Moment&) const override {
    std::string out(id);
    for (const auto& [name, value] : args) {
      out += " " + name + "=";
      if (const auto* text = std::get_if<std::string>(&value))
        out += *text;
      else
        out += std::to_string(std::get<std::int64_t>(value));
    }
    return out;
  }
  bool has(std::string_view) const override { return true; }
  std::vector<std::pair<std::string, std::string>> buttons(std::string_view, Language, const Args&,
                                                           const Moment&) const override {
    return {};
  }
  std::vector<std::string> ids() const override { return {}; }
};

struct TestDirectory final : Directory {
  TestDirectory() {
    profile_.id = "liyuan";
    profile_.values = Json::object();
    staff_ = {{1, "孙工", "engineering_supervisor", "liyuan", "+8613900000001", "", ""},
              {2, "李师傅", "technician", "liyuan", "+8613900000002", "", ""},
              {3, "陈师傅", "technician", "liyuan", "+8613900000003", "", ""},
              {4, "赵主管", "service_supervisor", "liyuan", "+8613900000004", "", ""}};
  }
  std::vector<std::string> estates() const override { return {"liyuan"}; }
  const EstateProfile& profile(std::string_view) const override { return profile_; }
  std::optional<UnitRecord> find_unit(store::Connection& db, const UnitId& unit, std::string_view,
                                      bool*) const override {
    for (std::int64_t id = 501; id <= 502; ++id) {
      if (auto one = this->unit(db, id); one->unit == unit) return one;
    }
    return std::nullopt;
  }
  std::optional<UnitRecord> near_unit(store::Connection&, const UnitId&,
                                      std::string_view) const override {
    return std::nullopt;
  }
  std::optional<UnitRecord> unit(store::Connection&, std::int64_t id) const override {
    return UnitRecord{id, "liyuan", {"3", "2", std::to_string(id)}};
  }
  std::vector<HouseholdMember> household(store::Connection&, std::int64_t unit) const override {
    if (unit == 501) return {{1, 501, "王芳", "+8613800138000", "owner"}};
    return {{2, unit, "李明", "+8613800138002", "owner"}};
  }
  std::vector<HouseholdMember> members_by_phone(store::Connection&,
                                                std::string_view phone) const override {
    if (phone != "+8613800138000") return {};
    return {{1, 501, "王芳", "+8613800138000", "owner"}};
  }
  std::vector<StaffRecord> staff(std::string_view, std::string_view role) const override {
    std::vector<StaffRecord> out;
    for (const auto& one : staff_) {
      if (one.role == role) out.push_back(one);
    }
    return out;
  }
  std::optional<StaffRecord> staff_by_id(std::int64_t id) const override {
    for (const auto& one : staff_) {
      if (one.id == id) return one;
    }
    return std::nullopt;
  }
  std::optional<StaffRecord> staff_at(std::string_view, std::string_view) const override {
    return std::nullopt;
  }
  EstateProfile profile_;
  std::vector<StaffRecord> staff_;
};

inline std::vector<store::Migration> all_migrations() {
  auto all = store::store_migrations();
  for (auto& one : orders::migrations()) all.push_back(std::move(one));
  for (auto& one : contacts::migrations()) all.push_back(std::move(one));
  return all;
}

class OrdersHouse : public ::testing::Test {
 protected:
  OrdersHouse()
      : database(store::Database::open(dir.path() + "/huiyin.db", all_migrations(), 1).value()),
        desk(directory, speech, post) {
    db().script("BEGIN");  // one transaction a test: no fsync for each statement
  }
  ~OrdersHouse() override {
    if (db().in_transaction()) db().script("ROLLBACK");
  }

  store::Connection& db() { return database->writer(); }
  TestTransaction tx() { return {db(), now}; }

  orders::NewOrder chat_repair() const {
    orders::NewOrder order;
    order.kind = orders::Kind::repair;
    order.estate = "liyuan";
    order.unit_id = 501;
    order.unit = "3-2-501";
    order.item = "水龙头";
    order.name = "王芳";
    order.phone = "+8613800138000";
    order.description = "厨房水龙头漏水";
    order.conversation = "rest/web-1";
    order.received_at = now;
    return order;
  }
  orders::NewOrder desk_repair() const {
    auto order = chat_repair();
    order.conversation.clear();
    order.channel = "call";
    order.actor = {"admin", "admin", 0, "api"};
    return order;
  }
  std::string record(const orders::NewOrder& order) {
    auto t = tx();
    return desk.record(t, order);
  }
  orders::Acted<orders::Order> act(const std::string& number, std::string_view action,
                                   Json body = Json::object(),
                                   orders::Actor actor = {"admin", "admin", 0}) {
    auto t = tx();
    return desk.act(t, number, action, body, actor);
  }
  // The status that the operator API would answer with.
  int status(const std::string& number, std::string_view action, Json body = Json::object(),
             orders::Actor actor = {"admin", "admin", 0}) {
    const auto done = act(number, action, std::move(body), std::move(actor));
    return done ? 200 : done.error().status;
  }
  Json json(const std::string& number) {
    return orders::to_json(db(), orders::find(db(), number).value(), directory.profile_);
  }
  // The clock of that rule in the record; null when there is none.
  Json clock(const std::string& number, std::string_view rule) {
    const Json record = json(number);
    for (const auto& one : record["clocks"]) {
      if (one["rule"] == rule) return one;
    }
    return nullptr;
  }
  // Moves the clock forward and fires what is due, in due order.
  void advance_to(Instant to) {
    while (auto timer = store::first_due(db(), to)) {
      now = std::max(now, timer->due);
      store::remove_timer(db(), timer->id);
      auto t = tx();
      orders::OrdersDialog(desk).on_timer(t, post, timer->kind, timer->key, timer->payload);
    }
    now = to;
  }
  void advance(Millis by) { advance_to(now + by); }

  Instant now = at("2026-11-23T10:00:00+08:00");
  test::TempDir dir;
  std::unique_ptr<store::Database> database;
  TestDirectory directory;
  TestSpeech speech;
  TestPost post;
  orders::Orders desk;
};

inline const orders::Actor technician{"staff:2", "technician", 2};
inline const orders::Actor other_technician{"staff:3", "technician", 3};
inline const orders::Actor front_desk{"staff:9", "front_desk", 9};

}  // namespace huiyin::orders_test
