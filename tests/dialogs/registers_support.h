// A house with the shipped registers: by the operator API and by chat.
#pragma once
#include <gtest/gtest.h>

#include "dialogs/registers/registers.h"
#include "tests/dialogs/talk_support.h"

namespace huiyin::registers {

using huiyin::testing::entity;
using huiyin::testing::joined;
using huiyin::testing::TalkTest;
using huiyin::testing::TestApi;
using huiyin::testing::TestCall;

class RegistersTest : public TalkTest {
 protected:
  RegistersTest()
      : TalkTest(joined({store::store_migrations(), estate::migrations(), migrations()})),
        registers_(forms_, directory_,
                   [this](Turn&, const std::string& estate, const std::string& unit,
                          const std::string& text) {
                     tasks_.push_back(estate + "|" + unit + "|" + text);
                     return "GZ20261123-000" + std::to_string(tasks_.size());
                   }) {
    dialogs_ = {&registers_};
    registers_.add_to(api_);
    import_units("荔园,3,2,501,89.5,王芳,13800138000\n荔园,3,2,502,80,李强,13800138001\n");
  }

  http::Response call(const std::string& route, const std::string& form, Json body = Json::object(),
                      const std::string& role = "admin", int limit = 50, std::int64_t cursor = 0) {
    http::Request request;
    if (!form.empty()) request.params = {{"id", form}};
    TestCall call(*folder_.database, now_, Principal{role, role == "admin" ? 0 : 7, ""}, request,
                  std::move(body));
    call.limit_value = limit;
    call.cursor_value = cursor;
    return api_.entries.at(route).handler(call);
  }
  http::Response post(const std::string& form, Json body) {
    return call("POST /api/v1/forms/{id}/records", form, std::move(body));
  }
  Json records(const std::string& form, const std::string& role = "admin") {
    return Json::parse(call("GET /api/v1/forms/{id}/records", form, nullptr, role).body)["items"];
  }
  std::string field_of_fault(const std::string& form, Json body) {
    const auto answer = post(form, std::move(body));
    EXPECT_EQ(400, answer.status) << answer.body;
    return text_of(Json::parse(answer.body), "field");
  }

  std::vector<std::string> tasks_;
  Registers registers_;
  TestApi api_;
};

}  // namespace huiyin::registers
