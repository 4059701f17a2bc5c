// Verbs for the tests of estate, registers and identity: a database with their tables, a
// transaction that is the writer itself, and an API whose calls are made by hand.
#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "bot/gateway/api.h"
#include "dialogs/estate/estate_directory.h"
#include "dialogs/estate/import.h"
#include "dialogs/estate/resource.h"
#include "dialogs/estate/schema.h"
#include "store/database.h"

namespace huiyin::testing {

class TestTransaction final : public Transaction {
 public:
  TestTransaction(store::Database& database, Instant now)
      : connection_(database.writer()), now_(now) {
    connection_.script("BEGIN IMMEDIATE");
  }
  ~TestTransaction() override {
    if (connection_.in_transaction()) connection_.script("ROLLBACK");
  }
  store::Connection& read() override { return connection_; }
  store::Connection& write() override { return connection_; }
  store::Connection& append() override { return connection_; }
  Instant now() const override { return now_; }
  void after_commit(std::function<void()> hook) override { hooks_.push_back(std::move(hook)); }
  void commit() {
    connection_.script("COMMIT");
    for (auto& hook : hooks_) hook();
  }

 private:
  store::Connection& connection_;
  const Instant now_;
  std::vector<std::function<void()>> hooks_;
};

class TestApi final : public Api {
 public:
  struct Entry {
    ApiRoute route;
    std::function<http::Response(ApiCall&)> handler;
  };
  void add(ApiRoute route, std::function<http::Response(ApiCall&)> handler) override {
    const std::string key = route.method + " " + route.pattern;
    entries[key] = {std::move(route), std::move(handler)};
  }
  std::map<std::string, Entry> entries;
};

class TestCall final : public ApiCall {
 public:
  TestCall(store::Database& database, Instant now, Principal who, http::Request request, Json body)
      : database_(database),
        now_(now),
        who_(std::move(who)),
        request_(std::move(request)),
        body_(std::move(body)) {}
  const http::Request& request() const override { return request_; }
  const Principal& who() const override { return who_; }
  const Json& body() const override { return body_; }
  Instant now() const override { return now_; }
  http::Response read(std::function<http::Response(store::Connection&)> f) override {
    return database_.read([&](store::Connection& db) { return f(db); });
  }
  http::Response write(std::function<http::Response(Transaction&)> f) override {
    TestTransaction tx(database_, now_);
    http::Response answer = f(tx);
    if (answer.status < 400) tx.commit();
    return answer;
  }
  Result<int> limit() const override { return limit_value; }
  Result<std::int64_t> cursor() const override { return cursor_value; }
  int limit_value = 50;
  std::int64_t cursor_value = 0;

 private:
  store::Database& database_;
  const Instant now_;
  const Principal who_;
  const http::Request request_;
  const Json body_;
};

// A data folder with one database that lives as long as the test.
class DataFolder {
 public:
  explicit DataFolder(const std::vector<store::Migration>& migrations) {
    std::string path = (std::filesystem::temp_directory_path() / "huiyin-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = path;
    auto opened = store::Database::open(path + "/test.db", migrations);
    if (!opened) throw std::runtime_error(opened.error().message);
    database = std::move(*opened);
  }
  ~DataFolder() {
    database.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::unique_ptr<store::Database> database;

 private:
  std::filesystem::path folder_;
};

inline EstateProfile profile_named(const std::string& id, Json values = Json::object()) {
  EstateProfile profile;
  profile.id = id;
  profile.values = std::move(values);
  profile.duty_phones = {"+8613800138999"};
  profile.front_desk_phone = "+8613800138998";
  return profile;
}
inline estate::Profiles test_profiles() {
  estate::Profiles profiles;
  profiles.emplace("liyuan", profile_named("liyuan"));
  profiles.emplace("tower", profile_named("tower"));
  return profiles;
}

}  // namespace huiyin::testing
