// Work orders when many are open: an action, one record and a page of each list among 100,000 open
// orders beside the same among 1,000. What is looked for is rare and old wherever it can be, so
// that a list without its index shows. One JSON object a figure: medians in µs; the ratio is to
// stay at or below 2.
#include <iostream>
#include <sstream>

#include "bot/speech/speech.h"
#include "dialogs/contacts/contacts_log.h"
#include "dialogs/estate/estate_directory.h"
#include "dialogs/estate/resource.h"
#include "dialogs/estate/schema.h"
#include "dialogs/orders/order_json.h"
#include "dialogs/orders/order_list.h"
#include "dialogs/orders/orders.h"
#include "dialogs/orders/schema.h"
#include "store/outbox.h"
#include "tests/bench/support/measure.h"

namespace {

using namespace huiyin;
using namespace huiyin::bench;
using std::chrono::steady_clock;

constexpr int few = 1'000, many = 100'000;
constexpr int repeats = 200, page = 50;
constexpr double goal = 2;
const std::string config_dir = std::string(HUIYIN_SOURCE_DIR) + "/config";

template <class T>
T must(T result, const char* what) {
  if (!result) give_up(std::string("cannot load ") + what);
  return result;
}

struct OpenTransaction final : Transaction {
  OpenTransaction(store::Connection& db, Instant now) : db(db), at(now) {}
  store::Connection& read() override { return db; }
  store::Connection& write() override { return db; }
  store::Connection& append() override { return db; }
  Instant now() const override { return at; }
  void after_commit(std::function<void()> hook) override { hook(); }
  store::Connection& db;
  Instant at;
};

// Messages are not what is measured.
struct NoPost final : Post {
  std::string send(Transaction&, const Notice&) override { return {}; }
  std::string send_text(Transaction&, std::string_view, std::string_view,
                        std::string_view) override {
    return {};
  }
  std::string to_staff(Transaction&, const StaffRecord&, Notice) override { return {}; }
  std::string to_role(Transaction&, std::string_view, Notice) override { return {}; }
};

std::vector<store::Migration> migrations() {
  auto all = store::store_migrations();
  for (auto part : {store::outbox_migrations(), estate::migrations(), orders::migrations(),
                    contacts::migrations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

class House {
 public:
  House(const std::string& file, int orders)
      : database_(std::move(*must(store::Database::open(file, migrations(), 1), "the database"))),
        directory_(std::move(*must(estate::load_profiles(config_dir + "/estates"), "profiles"))),
        speech_(std::move(*must(load_speech(config_dir + "/phrases"), "phrases"))),
        orders_(directory_, *speech_, post_) {
    std::string units = "estate,building,entrance,room,area_m2,owner,phone\n";
    for (int room = 1; room <= homes; ++room) {
      units += "liyuan,1,1," + std::to_string(1'000 + room) + ",80,住户,+8613800" +
               std::to_string(100'000 + room) + "\n";
    }
    units += "tower,9,,901,80,住户,+8613800999999\n";
    const std::string staff =
        "estate,name,role,phone,channel,address\n"
        "liyuan,主管,engineering_supervisor,+8613900000001,,\n"
        "liyuan,师傅,technician,+8613900000002,,\n";
    database_->writer().script("BEGIN");
    OpenTransaction tx(database_->writer(), now_);
    estate::import_demo(tx, directory_, units, staff);
    database_->writer().script("COMMIT");
    fill(orders);
  }

  store::Connection& db() { return database_->writer(); }
  const Directory& directory() const { return directory_; }

  // Accepts one of the orders that wait for it; the commit, which is the disk's, is not counted.
  double accept() {
    const std::string& number = waiting_.at(next_++ * 7'919 % waiting_.size());
    db().script("BEGIN");
    OpenTransaction tx(db(), now_);
    const auto start = steady_clock::now();
    const bool done = orders_.act(tx, number, "accept", Json::object(), operator_).has_value();
    const double took = seconds_since(start) * 1e6;
    expect(done, "an order could not be accepted");
    db().script("ROLLBACK");  // so that it waits again
    return took;
  }
  double record() {
    const std::string& number = waiting_.at(next_++ * 7'919 % waiting_.size());
    const auto start = steady_clock::now();
    const auto order = orders::find(db(), number);
    expect(order && !to_json(db(), *order, directory_.profile(order->estate)).is_null(), number);
    return seconds_since(start) * 1e6;
  }
  double list(const orders::OrderFilter& filter, std::size_t found) {
    const auto start = steady_clock::now();
    const auto orders = orders::list(db(), filter, 0, page + 1);
    Json items = Json::array();
    for (const auto& order : orders) {
      items.push_back(to_json(db(), order, directory_.profile(order.estate)));
    }
    const double took = seconds_since(start) * 1e6;
    expect(items.size() == std::min<std::size_t>(found, page + 1), "a list is not what was made");
    return took;
  }

 private:
  static constexpr int homes = 100;

  // The first ten are what the lists look for: complaints, of the tower, late.
  void fill(int count) {
    const auto unit = directory_.find_unit(db(), {"1", "1", "1001"}, "liyuan");
    for (int i = 0; i < count; ++i) {
      if (i % 1'000 == 0) db().script("BEGIN");
      OpenTransaction tx(db(), now_);
      orders::NewOrder order;
      const bool rare = i < 10;
      order.kind = rare ? orders::Kind::complaint : orders::Kind::repair;
      order.estate = rare ? "tower" : "liyuan";
      order.unit_id = unit->id + i % homes;
      order.unit = rare ? "9-901" : "1-1-" + std::to_string(1'001 + i % homes);
      order.description = "厨房水龙头漏水，从昨晚开始";
      order.name = "住户";
      order.phone = "+8613800100001";
      order.received_at = now_;
      order.conversation = "rest/web-" + std::to_string(i);
      const std::string number = orders_.record(tx, order);
      if (!rare) {
        expect(orders_.act(tx, number, "assign", {{"assignee", 2}}, operator_).has_value(),
               "an order could not be assigned");
        waiting_.push_back(number);
      }
      if (i % 1'000 == 999) db().script("COMMIT");
    }
    db().script("UPDATE work_orders SET overdue = 1 WHERE id <= 10; ANALYZE");
  }

  const Instant now_ = *parse_rfc3339("2026-11-23T10:00:00+08:00");
  const orders::Actor operator_{"admin", "admin", 0, "api"};
  std::unique_ptr<store::Database> database_;
  estate::EstateDirectory directory_;
  std::unique_ptr<Speech> speech_;
  NoPost post_;
  orders::Orders orders_;
  std::vector<std::string> waiting_;
  std::size_t next_ = 0;
};

// Both houses in turn, so that what the machine does meets both.
bool compare(const char* name, const std::function<double(House&)>& once, House& small,
             House& large) {
  std::vector<double> at_few, at_many;
  for (int i = 0; i < repeats; ++i) {
    at_few.push_back(once(small));
    at_many.push_back(once(large));
  }
  const double reference = median(at_few), value = median(at_many);
  const Json line = {{"name", name},
                     {"value", rounded(value)},
                     {"unit", "us"},
                     {"reference", rounded(reference)},
                     {"ratio", rounded(value / reference)},
                     {"goal_max", goal}};
  std::cout << line.dump() << std::endl;
  return value <= goal * reference;
}

}  // namespace

int main() {
  const Folder folder;
  House small(folder / "few", few), large(folder / "many", many);
  const auto page_of = [](orders::OrderFilter filter, std::size_t found) {
    return [filter, found](House& house) { return house.list(filter, found); };
  };
  bool good = true;
  const auto run = [&](const char* name, const std::function<double(House&)>& once) {
    good &= compare(name, once, small, large);
  };
  run("orders.action", [](House& house) { return house.accept(); });
  run("orders.record", [](House& house) { return house.record(); });
  run("orders.list", page_of({}, page + 1));
  run("orders.list.state", page_of({"", "registered", "", "", {}}, 10));
  run("orders.list.kind", page_of({"complaint", "", "", "", {}}, 10));
  run("orders.list.kind_and_state", page_of({"complaint", "assigned", "", "", {}}, 0));
  run("orders.list.unit", page_of({"", "", "9-901", "", {}}, 10));
  run("orders.list.estate", page_of({"", "", "", "tower", {}}, 10));
  run("orders.list.estate_and_state", page_of({"", "assigned", "", "tower", {}}, 0));
  run("orders.list.overdue", page_of({"", "", "", "", true}, 10));
  run("orders.list.not_overdue", page_of({"repair", "assigned", "", "liyuan", false}, page + 1));
  return good ? 0 : 1;
}
