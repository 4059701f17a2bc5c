#include <gtest/gtest.h>

#include "dialogs/estate/address.h"
#include "dialogs/estate/records.h"
#include "store/base/secret.h"
#include "tests/dialogs/estate_support.h"

namespace huiyin::estate {
namespace {

using huiyin::testing::DataFolder;
using huiyin::testing::test_profiles;
using huiyin::testing::TestApi;
using huiyin::testing::TestCall;
using huiyin::testing::TestTransaction;

const Instant now = *parse_rfc3339("2026-11-23T10:00:00+08:00");
const std::string unit_header = "estate,building,entrance,room,area_m2,owner,phone\n";
const std::string staff_header = "estate,name,role,phone,channel,address\n";

std::string faults(const ImportFaults& list) {
  std::string out;
  for (const auto& fault : list) {
    out += (out.empty() ? "" : ";") + std::to_string(fault.line) + ":" + fault.column;
  }
  return out;
}

// ---- the CSV reader

TEST(EstateCsv, TakesByteOrderMarkCrLfAndQuotedCellsWithQuotesCommasAndNewlines) {
  const auto table = read_csv(
      "\xEF\xBB\xBF"
      "a,b\r\n\"x \"\"y\"\", z\",\"two\nlines\"\r\nc,d\r\n",
      {"a", "b"});
  ASSERT_TRUE(table.faults.empty()) << faults(table.faults);
  ASSERT_EQ(2u, table.rows.size());
  EXPECT_EQ("x \"y\", z", table.rows[0].cells[0]);
  EXPECT_EQ("two\nlines", table.rows[0].cells[1]);
  EXPECT_EQ(2, table.rows[0].line);
  EXPECT_EQ(4, table.rows[1].line) << "a physical line counts, also inside quotes";
}

TEST(EstateCsv, TakesALastRowWithoutANewlineAndEmptyLinesAtTheEnd) {
  EXPECT_EQ(1u, read_csv("a,b\nc,d", {"a", "b"}).rows.size());
  const auto table = read_csv("a,b\nc,d\n\n\n", {"a", "b"});
  EXPECT_EQ(1u, table.rows.size());
  EXPECT_TRUE(table.faults.empty());
}

TEST(EstateCsv, NamesLineAndColumnOfEveryFault) {
  const auto at = [](std::string_view csv) { return faults(read_csv(csv, {"a", "b"}).faults); };
  EXPECT_EQ("1:a", at(""));
  EXPECT_EQ("1:b", at("a,c\n1,2\n"));
  EXPECT_EQ("1:b", at("a\n1\n"));
  EXPECT_EQ("1:b", at("a,b,c\n1,2,3\n"));
  EXPECT_EQ("1:a", at("A,b\n1,2\n")) << "the header is exact";
  EXPECT_EQ("2:a", at("a,b\n")) << "no rows";
  EXPECT_EQ("2:b;3:b", at("a,b\n1\n1,2,3\n")) << "a row of another length";
  EXPECT_EQ("2:b", at("a,b\n1,\xFF\xFE\n")) << "no UTF-8";
  EXPECT_EQ("2:a", at(std::string_view("a,b\n1\0x,2\n", 10))) << "a NUL";
  EXPECT_EQ("2:b", at("a,b\n1,\"open\n")) << "a quote that is not closed";
  EXPECT_EQ("2:a", at("a,b\n\"1\"x,2\n"));
  EXPECT_EQ("2:a", at("a,b\n1\"1,2\n"));
  EXPECT_EQ("3:a", at("a,b\n1,2\n\n3,4\n")) << "an empty line between rows";
}

// ---- addresses

TEST(EstateAddress, BringsNotationsToTheOneStoredForm) {
  EXPECT_EQ("3", building_part("03栋"));
  EXPECT_EQ("A", building_part("Ａ座"));
  EXPECT_EQ("12", building_part(" 12号楼 "));
  EXPECT_EQ("0501", room_part("0501室"));
  EXPECT_EQ("A-1502", normalised({"a", "", "1502"}).canonical());
}

TEST(EstateAddress, SuggestsTheOneAddressThatIsOneSlipAway) {
  const std::vector<UnitId> known{{"3", "2", "501"},
                                  {"3", "2", "502"},
                                  {"3", "2", "1203"},
                                  {"12", "", "1203"},
                                  {"3", "1", "501"}};
  const auto near = [&](UnitId said) {
    const auto found = one_slip_away(said, known);
    return found ? found->canonical() : std::string("none");
  };
  EXPECT_EQ("3-2-501", near({"3", "2", "510"})) << "two digits swapped";
  EXPECT_EQ("3-2-1203", near({"3", "2", "123"})) << "a digit missing";
  EXPECT_EQ("3-2-1203", near({"3", "2", "12003"})) << "a digit too many";
  EXPECT_EQ("12-1203", near({"12", "1", "1203"})) << "an entrance that the building has not";
  EXPECT_EQ("none", near({"3", "2", "503"})) << "501 or 502: not clear";
  EXPECT_EQ("none", near({"3", "", "501"})) << "two entrances have it";
  EXPECT_EQ("3-2-502", near({"3", "", "502"})) << "the entrance left out";
  EXPECT_EQ("none", near({"9", "9", "909"}));
}

// ---- imports

TEST(EstateImport, ReadsUnitsWithAndWithoutEntranceAndOwner) {
  const auto units = read_units(unit_header +
                                "荔园,3,2,501,89.5,王芳,138 0013 8000\n"
                                "荔园,12,,1203,120,,\n");
  ASSERT_TRUE(units.faults.empty()) << faults(units.faults);
  ASSERT_EQ(2u, units.rows.size());
  EXPECT_EQ("3-2-501", units.rows[0].unit.canonical());
  EXPECT_EQ(89500, units.rows[0].area_milli);
  EXPECT_EQ("+8613800138000", units.rows[0].phone);
  EXPECT_EQ("12-1203", units.rows[1].unit.canonical());
  EXPECT_EQ("", units.rows[1].phone);
}

TEST(EstateImport, ListsEveryBadUnitRowAtOnce) {
  const auto units = read_units(unit_header +
                                "荔园,3,2,501,89.5,王芳,13800138000\n"
                                ",3,2,502,89.5,王芳,13800138000\n"
                                "荔园,,2,502,89.5,王芳,13800138000\n"
                                "荔园,3,2,,89.5,王芳,13800138000\n"
                                "荔园,3,2,504,-1,王芳,13800138000\n"
                                "荔园,3,2,505,abc,王芳,12345\n"
                                "荔园,3,2,506,80,,13800138000\n"
                                "荔园,3,2,507,80,李明,\n"
                                "荔园,03栋,2,501室,89.5,王芳,13800138000\n"
                                "荔园,3,2\n");
  EXPECT_EQ(
      "3:estate;4:building;5:room;6:area_m2;7:area_m2;7:phone;8:owner;9:phone;10:room;11:room",
      faults(units.faults));
}

TEST(EstateImport, ListsEveryBadStaffRowAtOnce) {
  const auto staff = read_staff(staff_header +
                                "荔园,李强,engineering_supervisor,13800138001,twilio,13800138001\n"
                                "荔园,,technician,13800138002,,\n"
                                "荔园,赵敏,king,13800138002,,\n"
                                "荔园,赵敏,technician,1380,,\n"
                                "荔园,赵敏,technician,13800138002,pigeon,x\n"
                                "荔园,赵敏,technician,13800138002,telegram,\n"
                                "荔园,赵敏,technician,13800138002,twilio,abc\n"
                                ",赵敏,technician,13800138002,,\n");
  EXPECT_EQ("3:name;4:role;5:phone;6:channel;7:address;8:address;9:estate", faults(staff.faults));
  ASSERT_EQ(1u, staff.rows.size());
  EXPECT_EQ("+8613800138001", staff.rows[0].address);
}

// ---- profiles

EstateProfile open_at(Json service_hours) {
  return huiyin::testing::profile_named("liyuan", {{"service_hours", std::move(service_hours)},
                                                   {"holidays", {"2026-11-25"}},
                                                   {"workdays", {"2026-11-28"}}});
}
bool in_service(const EstateProfile& profile, const char* at) {
  return profile.in_service(*parse_rfc3339(at));
}

TEST(EstateProfileHours, SeveralIntervalsADayEndExclusive) {
  const auto profile = open_at(Json::parse(R"({"mon": ["08:30-12:00", "14:00-18:00"]})"));
  EXPECT_FALSE(in_service(profile, "2026-11-23T08:29:59+08:00"));
  EXPECT_TRUE(in_service(profile, "2026-11-23T08:30:00+08:00"));
  EXPECT_FALSE(in_service(profile, "2026-11-23T12:00:00+08:00"));
  EXPECT_TRUE(in_service(profile, "2026-11-23T17:59:59+08:00"));
  EXPECT_TRUE(in_service(profile, "2026-11-23T02:00:00Z")) << "the estate's zone counts";
  EXPECT_FALSE(in_service(profile, "2026-11-24T10:00:00+08:00")) << "no hours on a Tuesday";
}

TEST(EstateProfileHours, HolidaysAreClosedAndSwappedWeekendsHaveMondaysHours) {
  const auto profile = open_at(
      Json::parse(R"({"mon": ["08:30-18:00"], "wed": ["08:30-18:00"], "thu": ["08:30-18:00"],
                      "sat": []})"));
  EXPECT_FALSE(in_service(profile, "2026-11-25T10:00:00+08:00")) << "a holiday";
  EXPECT_TRUE(in_service(profile, "2026-11-26T10:00:00+08:00"));
  EXPECT_TRUE(in_service(profile, "2026-11-28T10:00:00+08:00")) << "a Saturday that is worked";
  EXPECT_FALSE(in_service(profile, "2026-12-05T10:00:00+08:00"));
}

TEST(EstateProfileHours, AnIntervalMayEndOnTheNextDayAndWithoutHoursItIsAlways) {
  const auto profile = open_at(Json::parse(R"({"mon": ["22:00-06:00"]})"));
  EXPECT_TRUE(in_service(profile, "2026-11-23T23:00:00+08:00"));
  EXPECT_TRUE(in_service(profile, "2026-11-24T05:59:00+08:00"));
  EXPECT_FALSE(in_service(profile, "2026-11-24T06:00:00+08:00"));
  EXPECT_FALSE(in_service(profile, "2026-11-23T05:00:00+08:00")) << "Sunday had none";
  EXPECT_TRUE(in_service(huiyin::testing::profile_named("x"), "2026-11-23T03:00:00+08:00"));
}

TEST(EstateProfileHours, TheShippedProfilesLoad) {
  const auto profiles = load_profiles(HUIYIN_SOURCE_DIR "/config/estates");
  ASSERT_TRUE(profiles) << profiles.error().front().pointer << profiles.error().front().rule;
  EXPECT_TRUE(profiles->contains("liyuan"));
  EXPECT_FALSE(profiles->find("liyuan")->second.duty_phones.empty());
  EXPECT_TRUE(in_service(profiles->find("liyuan")->second, "2026-11-23T10:00:00+08:00"));
  EXPECT_FALSE(in_service(profiles->find("liyuan")->second, "2026-11-23T23:00:00+08:00"));
  EXPECT_FALSE(load_profiles("/nowhere")) << "without the residential profile nothing runs";
}

// ---- directory and operator API

class EstateApi : public ::testing::Test {
 protected:
  EstateApi() : folder_(migrations()), directory_(test_profiles()), resource_(directory_) {
    resource_.add_to(api_);
    directory_.load(db());
  }

  store::Connection& db() { return folder_.database->writer(); }

  http::Response call(const std::string& route, Json body = Json::object(),
                      std::map<std::string, std::string, std::less<>> params = {},
                      const std::string& query = {}, const std::string& raw = {}) {
    http::Request request;
    request.params = std::move(params);
    request.query = query;
    request.body = raw;
    TestCall call(*folder_.database, now, Principal{"admin", 0, ""}, request, std::move(body));
    const auto it = api_.entries.find(route);
    if (it == api_.entries.end()) throw std::runtime_error("no route " + route);
    return it->second.handler(call);
  }
  http::Response import_units(const std::string& rows) {
    return call("POST /api/v1/import/units", nullptr, {}, {}, unit_header + rows);
  }
  http::Response import_staff(const std::string& rows) {
    return call("POST /api/v1/import/staff", nullptr, {}, {}, staff_header + rows);
  }
  static Json json(const http::Response& response) { return Json::parse(response.body); }
  std::int64_t count(const char* table) {
    return table == std::string("units")
               ? *db().value<std::int64_t>("SELECT count(*) FROM units")
               : *db().value<std::int64_t>("SELECT count(*) FROM unit_people");
  }

  DataFolder folder_;
  EstateDirectory directory_;
  EstateResource resource_;
  TestApi api_;
};

TEST_F(EstateApi, AnImportMakesTheEstateItNamesAndItsHouseholds) {
  EXPECT_EQ(200, import_units("荔园,3,2,501,89.5,王芳,13800138000\n").status);
  EXPECT_EQ(std::vector<std::string>{"荔园"}, directory_.estates());
  EXPECT_EQ("liyuan", directory_.profile("荔园").id);
  const auto unit = directory_.find_unit(db(), {"3", "2", "501"}, "");
  ASSERT_TRUE(unit);
  const auto people = directory_.household(db(), unit->id);
  ASSERT_EQ(1u, people.size());
  EXPECT_EQ("owner", people[0].relation);
  EXPECT_EQ("+8613800138000", people[0].phone);
  EXPECT_EQ(unit->id, directory_.members_by_phone(db(), "+8613800138000").at(0).unit);
}

TEST_F(EstateApi, AnEstateNamedLikeAProfileGetsThatProfile) {
  import_units("tower,A,,1502,200,王芳,13800138000\n");
  EXPECT_EQ("tower", directory_.profile("tower").id);
  EXPECT_EQ("liyuan", directory_.profile("").id);
}

TEST_F(EstateApi, ARefusedImportTakesNothingAndListsTheFaults) {
  const auto answer =
      import_units("荔园,3,2,501,89.5,王芳,13800138000\n荔园,3,2,502,x,王芳,13800138000\n");
  EXPECT_EQ(400, answer.status);
  ASSERT_EQ(1u, json(answer)["errors"].size());
  EXPECT_EQ(3, json(answer)["errors"][0]["line"]);
  EXPECT_EQ("area_m2", json(answer)["errors"][0]["column"]);
  EXPECT_FALSE(json(answer)["errors"][0]["reason"].get<std::string>().empty());
  EXPECT_EQ(0, count("units"));
  EXPECT_TRUE(directory_.estates().empty());
}

TEST_F(EstateApi, AnotherImportUpdatesOwnersButKeepsWhatTheDeskAdded) {
  import_units("荔园,3,2,501,89.5,王芳,13800138000\n");
  const auto unit = directory_.find_unit(db(), {"3", "2", "501"}, "");
  const auto added = call("POST /api/v1/units/{unit}/people",
                          {{"name", "王小明"}, {"phone", "13800138005"}, {"relation", "family"}},
                          {{"unit", "3-2-501"}});
  ASSERT_EQ(201, added.status) << added.body;
  import_units("荔园,3,2,501,90,赵敏,13800138007\n");
  EXPECT_EQ(1, count("units"));
  const auto people = directory_.household(db(), unit->id);
  ASSERT_EQ(2u, people.size());
  EXPECT_EQ("赵敏", people[0].name);
  EXPECT_EQ("王小明", people[1].name);
  EXPECT_TRUE(directory_.members_by_phone(db(), "+8613800138000").empty());
}

TEST_F(EstateApi, RemovingAPersonEndsThatTheirPhoneIsKnown) {
  import_units("荔园,3,2,501,89.5,王芳,13800138000\n");
  const auto id = std::to_string(directory_.members_by_phone(db(), "+8613800138000").at(0).id);
  const std::string route = "DELETE /api/v1/units/{unit}/people/{id}";
  EXPECT_EQ(404, call(route, nullptr, {{"unit", "3-2-509"}, {"id", id}}).status);
  EXPECT_EQ(404, call(route, nullptr, {{"unit", "3-2-501"}, {"id", "999"}}).status);
  EXPECT_EQ(404, call(route, nullptr, {{"unit", "3-2-501"}, {"id", "x"}}).status);
  EXPECT_EQ(200, call(route, nullptr, {{"unit", "3-2-501"}, {"id", id}}).status);
  EXPECT_TRUE(directory_.members_by_phone(db(), "+8613800138000").empty());
}

TEST_F(EstateApi, AnAddressOfTwoEstatesNeedsTheEstate) {
  import_units("荔园,3,2,501,89.5,王芳,13800138000\n梅园,3,2,501,89.5,赵敏,13800138001\n");
  bool ambiguous = false;
  EXPECT_FALSE(directory_.find_unit(db(), {"3", "2", "501"}, "", &ambiguous));
  EXPECT_TRUE(ambiguous);
  EXPECT_EQ("梅园", directory_.find_unit(db(), {"3", "2", "501"}, "梅园", &ambiguous)->estate);
  EXPECT_FALSE(ambiguous);
  const Json body{{"name", "王小明"}, {"phone", "13800138005"}, {"relation", "tenant"}};
  const auto refused = call("POST /api/v1/units/{unit}/people", body, {{"unit", "3-2-501"}});
  EXPECT_EQ(400, refused.status);
  EXPECT_EQ("estate", json(refused)["field"]);
  Json told = body;
  told["estate"] = "梅园";
  EXPECT_EQ(201, call("POST /api/v1/units/{unit}/people", told, {{"unit", "3-2-501"}}).status);
}

TEST_F(EstateApi, APersonOfAUnitIsRefusedWithTheFieldNamed) {
  import_units("荔园,3,2,501,89.5,王芳,13800138000\n");
  const Json good{{"name", "王小明"}, {"phone", "13800138005"}, {"relation", "tenant"}};
  const auto field = [&](const char* name, Json value) {
    Json body = good;
    body[name] = std::move(value);
    const auto answer = call("POST /api/v1/units/{unit}/people", body, {{"unit", "3-2-501"}});
    EXPECT_EQ(400, answer.status);
    return text_of(json(answer), "field");
  };
  EXPECT_EQ("name", field("name", ""));
  EXPECT_EQ("name", field("name", 5));
  EXPECT_EQ("phone", field("phone", "123"));
  EXPECT_EQ("relation", field("relation", "neighbour"));
  EXPECT_EQ("relation", field("relation", nullptr));
  EXPECT_EQ(404, call("POST /api/v1/units/{unit}/people", good, {{"unit", "9-9-909"}}).status);
}

TEST_F(EstateApi, NearUnitFindsWhatASlipOfTheFingerMeant) {
  import_units("荔园,3,2,501,89.5,王芳,13800138000\n荔园,3,2,502,89.5,赵敏,13800138001\n");
  EXPECT_EQ("3-2-501", directory_.near_unit(db(), {"3", "2", "510"}, "荔园")->unit.canonical());
  EXPECT_FALSE(directory_.near_unit(db(), {"3", "2", "777"}, "荔园"));
  EXPECT_FALSE(directory_.near_unit(db(), {"3", "2", "510"}, "梅园"));
}

TEST_F(EstateApi, StaffAreFoundByRoleEstateAndChatAddress) {
  ASSERT_EQ(200, import_staff("荔园,李强,engineering_supervisor,13800138001,twilio,13800138011\n"
                              "荔园,赵敏,technician,13800138002,telegram,4711\n"
                              "梅园,周杰,technician,13800138003,,\n")
                     .status);
  EXPECT_EQ("李强", directory_.staff_at("sms", "+8613800138011")->name);
  EXPECT_EQ("赵敏", directory_.staff_at("telegram", "4711")->name);
  EXPECT_EQ("周杰", directory_.staff_at("sms", "+8613800138003")->name) << "no channel: the phone";
  EXPECT_FALSE(directory_.staff_at("rest", "4711")) << "another space";
  ASSERT_EQ(1u, directory_.staff("荔园", "technician").size());
  EXPECT_EQ(2u, directory_.staff("", "technician").size());
}

TEST_F(EstateApi, AnotherStaffImportUpdatesThePersonInsteadOfDoublingThem) {
  import_staff("荔园,李强,technician,13800138001,,\n荔园,李强,technician,13800138002,,\n");
  EXPECT_EQ(2u, directory_.everybody().size()) << "two people of one name";
  const auto id = directory_.everybody()[0].id;
  import_staff("荔园,李强,technician,13800138001,telegram,4711\n");
  ASSERT_EQ(2u, directory_.everybody().size());
  EXPECT_EQ("4711", directory_.staff_by_id(id)->address);
  import_staff("荔园,李强,dispatcher,13800138001,,\n");
  EXPECT_EQ(3u, directory_.everybody().size()) << "one person may hold several roles (A-4)";
}

TEST_F(EstateApi, PostStaffNamesTheFaultyMemberAndAnswersTheRecord) {
  import_units("荔园,3,2,501,89.5,王芳,13800138000\n");
  const Json good{{"name", "李强"}, {"role", "technician"}, {"phone", "13800138001"}};
  const auto field = [&](const char* name, Json value) {
    Json body = good;
    body[name] = std::move(value);
    const auto answer = call("POST /api/v1/staff", body);
    EXPECT_EQ(400, answer.status) << answer.body;
    return text_of(json(answer), "field");
  };
  EXPECT_EQ("name", field("name", nullptr));
  EXPECT_EQ("role", field("role", "king"));
  EXPECT_EQ("phone", field("phone", "1"));
  EXPECT_EQ("channel", field("channel", "pigeon"));
  EXPECT_EQ("estate", field("estate", "无名园"));
  EXPECT_EQ("address", field("channel", "telegram"));
  const auto answer = call("POST /api/v1/staff", good);
  ASSERT_EQ(201, answer.status);
  EXPECT_EQ("荔园", json(answer)["estate"]) << "the only estate";
  const auto list = json(call("GET /api/v1/staff"));
  ASSERT_EQ(1u, list["items"].size());
  for (const char* member : {"id", "name", "role", "estate", "phone"}) {
    EXPECT_TRUE(list["items"][0].contains(member)) << member;
  }
  EXPECT_EQ("+8613800138001", list["items"][0]["phone"]);
}

TEST_F(EstateApi, AStaffTokenIsShownOnceAndStoredOnlyAsAHash) {
  import_staff("荔园,李强,technician,13800138001,,\n");
  const auto id = directory_.everybody()[0].id;
  EXPECT_EQ(404, call("POST /api/v1/staff/{id}/tokens", Json::object(), {{"id", "999"}}).status);
  const auto answer =
      call("POST /api/v1/staff/{id}/tokens", Json::object(), {{"id", std::to_string(id)}});
  ASSERT_EQ(201, answer.status);
  const std::string token = json(answer)["token"];
  const auto who = directory_.check_token(token);
  ASSERT_TRUE(who);
  EXPECT_EQ("technician", who->role);
  EXPECT_EQ(id, who->staff);
  EXPECT_FALSE(directory_.check_token(token + "x"));
  EXPECT_FALSE(directory_.check_token(""));
  EXPECT_EQ(hash_secret(token), *db().value<std::string>("SELECT hash FROM staff_tokens"));
  EstateDirectory restarted(test_profiles());
  restarted.load(db());
  EXPECT_TRUE(restarted.check_token(token)) << "it holds after a restart";
}

TEST_F(EstateApi, ATransactionThatIsNotCommittedTeachesTheCacheNothing) {
  {
    TestTransaction tx(*folder_.database, now);
    add_staff(tx.write(), {0, "李强", "technician", "荔园", "+8613800138001", "", ""}, now);
    directory_.refresh(tx);
  }
  EXPECT_TRUE(directory_.everybody().empty());
}

TEST_F(EstateApi, UnitsOfOneJobAreNotForgottenByTheNextOfItsBatch) {
  {
    TestTransaction tx(*folder_.database, now);
    const auto units = read_units(unit_header + "荔园,3,2,501,89.5,王芳,13800138000\n");
    take_units(
        tx.write(), units.rows, [](auto) { return "liyuan"; }, now);
    directory_.refresh_units(tx);
    directory_.refresh(tx);  // of an import of staff behind it: both hooks run after the commit
    tx.commit();
  }
  EXPECT_TRUE(directory_.find_unit(db(), {"3", "2", "501"}, "荔园"));
}

TEST_F(EstateApi, TheDemoIsImportedWholeOrNotAtAll) {
  const std::string staff = staff_header + "荔园,李强,technician,13800138001,,\n";
  {
    TestTransaction tx(*folder_.database, now);
    import_demo(tx, directory_, unit_header + "荔园,3,2,501,89.5,王芳,13800138000\n", staff);
    tx.commit();
  }
  EXPECT_EQ(1u, directory_.everybody().size());
  EXPECT_TRUE(directory_.find_unit(db(), {"3", "2", "501"}, ""));
  TestTransaction tx(*folder_.database, now);
  EXPECT_THROW(import_demo(tx, directory_, unit_header, staff), std::runtime_error);
}

TEST_F(EstateApi, OnlyAdminWritesAndEveryRoleReads) {
  EXPECT_EQ(8u, api_.entries.size());
  for (const auto& [name, entry] : api_.entries) {
    if (entry.route.method == "GET") {
      EXPECT_TRUE(entry.route.roles.contains("technician")) << name;
    } else {
      EXPECT_EQ(admin_only, entry.route.roles) << name;
    }
  }
}

TEST_F(EstateApi, ListsOfUnitsAreFilteredAndPaged) {
  import_units("荔园,3,2,501,89.5,王芳,13800138000\n荔园,3,2,502,80,赵敏,13800138001\n");
  const auto one = json(call("GET /api/v1/units", nullptr, {}, "unit=3-2-502"));
  ASSERT_EQ(1u, one["items"].size());
  EXPECT_EQ("赵敏", one["items"][0]["people"][0]["name"]);
  EXPECT_DOUBLE_EQ(80.0, one["items"][0]["area_m2"].get<double>());
  http::Request request;
  TestCall first(*folder_.database, now, Principal{"admin", 0, ""}, request, nullptr);
  first.limit_value = 1;
  const auto page = json(api_.entries["GET /api/v1/units"].handler(first));
  ASSERT_EQ(1u, page["items"].size());
  TestCall second(*folder_.database, now, Principal{"admin", 0, ""}, request, nullptr);
  second.cursor_value = page["next"].get<std::int64_t>();
  const auto rest = json(api_.entries["GET /api/v1/units"].handler(second));
  ASSERT_EQ(1u, rest["items"].size());
  EXPECT_EQ("3-2-502", rest["items"][0]["unit"]);
  EXPECT_TRUE(rest["next"].is_null());
}

}  // namespace
}  // namespace huiyin::estate
