// The customer's signature: by chat, and on the page behind a signed link.
#include "dialogs/signing/signing.h"

#include "dialogs/orders/signature_image.h"
#include "dialogs/signing/drawing.h"
#include "dialogs/signing/links.h"
#include "dialogs/signing/sign_page.h"
#include "store/meta.h"
#include "tests/dialogs/orders_talk.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;
using signing::Link;
using signing::Links;

// A whole PNG of one pixel, as a browser's canvas gives it.
constexpr std::string_view pixel =
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAA"
    "SUVORK5CYII=";
// The same of 100,000 pixels, as its header tells.
constexpr std::string_view wide =
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgABhqAAAAABCAYAAABdfhbVAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAA"
    "SUVORK5CYII=";

class Signing : public TalkHouse {
 protected:
  Signing()
      : links("a key that is hard to guess", "https://estate.example.org"),
        dialog(desk, signing::SigningDialog::load(std::string(HUIYIN_SOURCE_DIR) +
                                                  "/config/talk/signing.json")
                         .value()) {
    desk.link_with([this](const orders::Order& order, std::int64_t version, Instant now) {
      return links.url(order, version, now);
    });
  }
  std::string ask(std::string text, Intent intent = Intent::inform,
                  std::vector<Entity> entities = {}) {
    Turn t = turn(std::move(text), intent, std::move(entities));
    outcome = dialog.intercept(t);
    return said(t);
  }
  std::vector<Entity> number(const std::string& value) { return {entity("order", value)}; }
  static bool says(const std::string& text, const std::string& phrase) {
    return text.find(phrase) != std::string::npos;
  }
  std::string completed(orders::NewOrder order) {
    const std::string one = record(order);
    EXPECT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
    for (const char* action : {"accept", "arrive", "start"}) EXPECT_EQ(status(one, action), 200);
    EXPECT_EQ(status(one, "add_charge", {{"item", "换阀"}, {"amount_fen", 6000}}), 200);
    EXPECT_EQ(status(one, "complete", {{"note", "换了阀芯"}}), 200);
    return one;
  }
  std::string completed() { return completed(chat_repair()); }
  Json signatures(const std::string& number) { return json(number)["signatures"]; }

  const Links links;
  signing::SigningDialog dialog;
  Outcome outcome = Outcome::not_mine;
};

TEST_F(Signing, R5_19_R9_15_ATypedNameAndAConfirmationSignByChat) {
  const std::string one = completed();
  const std::string shown = ask("签字 王芳");
  EXPECT_TRUE(says(shown, "signing.confirm"));
  for (const char* part : {"换了阀芯", "total=60.00", "name=王芳"}) {
    EXPECT_TRUE(says(shown, part)) << part;
  }
  EXPECT_EQ(json(one)["state"], "completed");
  EXPECT_TRUE(says(ask("确认签字"), "signing.signed number=" + one));
  const Json record = json(one);
  EXPECT_EQ(record["state"], "signed");
  ASSERT_EQ(record["signatures"].size(), 1u);
  EXPECT_EQ(record["signatures"][0]["by"], "王芳");
  EXPECT_EQ(record["signatures"][0]["role"], "customer");
  EXPECT_EQ(record["signatures"][0]["method"], "chat");
  EXPECT_EQ(record["history"].back()["channel"], "rest");
  EXPECT_EQ(record["copies"][0]["holder"], "customer");  // R5.20
  EXPECT_EQ(post.count("staff:2", "signing.signed_staff"), 1);
  // Once: the confirmation is used up.
  ask("确认");
  EXPECT_EQ(signatures(one).size(), 1u);
  EXPECT_TRUE(says(ask("签字 " + one, Intent::inform, number(one)), "signing.already"));
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(Signing, R5_19_TheButtonAsksForTheName) {
  const std::string one = completed();
  EXPECT_TRUE(says(ask("签字 " + one, Intent::inform, number(one)), "signing.ask_name"));
  EXPECT_TRUE(says(ask("Wang Fang"), "name=Wang Fang"));
  ask("好的", Intent::affirm);
  EXPECT_EQ(signatures(one)[0]["by"], "Wang Fang");
}

TEST_F(Signing, R8_13_TheServedPersonOfATaskSignsToo) {
  auto order = chat_repair();
  order.kind = orders::Kind::task;
  const std::string one = completed(order);
  ask("签字：王芳。");
  ask("确认");
  EXPECT_EQ(json(one)["state"], "signed");
}

TEST_F(Signing, R5_19_ANoOrAnotherMatterSignsNothing) {
  const std::string one = completed();
  ask("签字 王芳");
  EXPECT_TRUE(says(ask("先不签"), "signing.kept"));
  ask("确认", Intent::affirm);
  EXPECT_EQ(outcome, Outcome::not_mine);
  ask("签字 王芳");
  ask("几点下班", Intent::ask_info);
  EXPECT_EQ(outcome, Outcome::not_mine);
  ask("确认", Intent::affirm);
  EXPECT_EQ(json(one)["state"], "completed");
  for (const char* odd : {"签字 1", "签字 怎么签？"}) {
    EXPECT_TRUE(says(ask(odd), "signing.ask_name")) << odd;
    session.memory.erase("signing");
  }
}

TEST_F(Signing, R5_19_WhatChangedMeanwhileIsShownAgainBeforeItIsSigned) {
  const std::string one = completed();
  ask("签字 王芳");
  ASSERT_EQ(status(one, "add_charge", {{"item", "人工"}, {"amount_fen", 1000}}), 200);
  const std::string again = ask("确认");
  EXPECT_TRUE(says(again, "signing.changed"));
  EXPECT_TRUE(says(again, "total=70.00"));
  EXPECT_EQ(json(one)["state"], "completed");
  ask("确认");
  EXPECT_EQ(json(one)["state"], "signed");
}

TEST_F(Signing, R5_19_WhatTheCustomerDoesNotSignChangesNothing) {
  const std::string one = completed();
  ask("签字 王芳");
  ASSERT_EQ(status(one, "call_back", {{"by", "前台"}, {"method", "phone"}, {"note", "好"}}), 200);
  ASSERT_EQ(status(one, "sign",
                   {{"by", "孙工"}, {"role", "engineering_supervisor"}, {"method", "paper"}}),
            200);
  EXPECT_TRUE(says(ask("确认"), "signing.signed number=" + one));
}

TEST_F(Signing, R5_19_OfSeveralTheOneThatIsNamedIsNotDoneWell) {
  const std::string tap = completed();
  auto other = chat_repair();
  other.item = "灯";
  other.description = "客厅灯不亮";
  const std::string lamp = completed(other);
  const auto unhappy = [&](const std::string& number) {
    return json(number)["history"].back()["action"] == "dissatisfied";
  };
  EXPECT_TRUE(says(ask("水龙头没修好，我不满意", Intent::report_repair, {entity("item", "水龙头")}),
                   "signing.unhappy number=" + tap));
  EXPECT_TRUE(unhappy(tap));
  EXPECT_FALSE(unhappy(lamp));
  const std::string asked = ask("没修好，不满意");
  EXPECT_TRUE(says(asked, "signing.which_unhappy"));
  EXPECT_TRUE(says(asked, tap) && says(asked, lamp));
  EXPECT_FALSE(unhappy(lamp));
  EXPECT_TRUE(says(ask(lamp, Intent::inform, number(lamp)), "signing.unhappy number=" + lamp));
  EXPECT_EQ(json(lamp)["history"].back()["note"], "没修好，不满意");
}

TEST_F(Signing, R5_19_NotContentToldAgainAtOnceIsAnsweredAndNotPassedOn) {
  const std::string one = completed();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(says(ask("没修好，不满意"), "signing.unhappy number=" + one));
  }
  EXPECT_EQ(post.count("role:engineering_supervisor", "signing.unhappy_staff"), 1);
  now += std::chrono::minutes(11);
  ask("没修好，不满意");
  EXPECT_EQ(post.count("role:engineering_supervisor", "signing.unhappy_staff"), 2);
}

TEST_F(Signing, R5_19_NotContentIsNoSignatureAndReachesTheSupervisor) {
  const std::string one = completed();
  EXPECT_TRUE(says(ask("不满意 " + one, Intent::rate, number(one)), "signing.unhappy"));
  EXPECT_EQ(json(one)["state"], "completed");
  EXPECT_EQ(json(one)["history"].back()["action"], "dissatisfied");
  EXPECT_EQ(json(one)["history"].back()["note"], "不满意 " + one);
  EXPECT_EQ(post.count("role:engineering_supervisor", "signing.unhappy_staff"), 1);
  EXPECT_TRUE(says(ask("根本没修好，还在漏水", Intent::report_repair), "signing.unhappy"));
  ask("签字 王芳");
  EXPECT_TRUE(says(ask("等一下，还是漏"), "signing.unhappy"));
  ask("确认", Intent::affirm);
  EXPECT_EQ(json(one)["state"], "completed");
  EXPECT_EQ(signatures(one).size(), 0u);
}

TEST_F(Signing, R5_19_TheNameIsTakenOutOfTheSentence) {
  const std::string one = completed();
  ask("签字 " + one, Intent::inform, number(one));
  EXPECT_TRUE(says(ask("我叫张三", Intent::inform, {entity("person", "张三")}), "name=张三 "));
  ask("好的", Intent::affirm);
  EXPECT_EQ(signatures(one)[0]["by"], "张三");
}

TEST_F(Signing, AButtonOfAnOrderThatEndedIsAnswered) {
  const std::string cancelled = record(chat_repair());
  ASSERT_EQ(status(cancelled, "cancel"), 200);
  EXPECT_TRUE(says(ask("不满意 " + cancelled, Intent::rate, number(cancelled)),
                   "signing.nothing number=" + cancelled + " state=state.cancelled"));
  EXPECT_TRUE(says(ask("签字 " + cancelled, Intent::inform, number(cancelled)), "signing.nothing"));
  const std::string done = completed();
  ask("签字 王芳");
  ask("确认签字");
  EXPECT_TRUE(says(ask("不满意 " + done, Intent::rate, number(done)), "signing.unhappy_later"));
  EXPECT_EQ(json(done)["history"].back()["action"], "dissatisfied");
  EXPECT_EQ(json(done)["state"], "signed");
}

TEST_F(Signing, R5_19_ThanksAreAnsweredWithTheSignatureThatIsStillToCome) {
  ask("谢谢师傅，修得不错", Intent::thank);
  EXPECT_EQ(outcome, Outcome::not_mine);
  const std::string one = completed();
  EXPECT_TRUE(says(ask("谢谢师傅，修得不错", Intent::thank), "signing.thanked number=" + one));
}

TEST_F(Signing, WithNothingToSignTheWordsAreNotTaken) {
  ask("签字 王芳");
  EXPECT_EQ(outcome, Outcome::not_mine);
  ask("我对物业不满意", Intent::file_complaint);
  EXPECT_EQ(outcome, Outcome::not_mine);
  const std::string early = record(chat_repair());
  EXPECT_TRUE(says(ask("签字 " + early, Intent::inform, number(early)),
                   "signing.not_yet number=" + early + " state=state.notified"));
  completed();
  ask("signal is lost");
  EXPECT_EQ(outcome, Outcome::not_mine);
}

TEST_F(Signing, OfSeveralTheNumberTellsWhich) {
  const std::string one = completed(), two = completed();
  EXPECT_TRUE(says(ask("签字 王芳"), "signing.which"));
  EXPECT_TRUE(says(ask("签字 " + two + " 王芳", Intent::inform, number(two)), "number=" + two));
  ask("确认");
  EXPECT_EQ(json(two)["state"], "signed");
  EXPECT_EQ(json(one)["state"], "completed");
}

TEST_F(Signing, Guarantee6_OnlyTheProvenConversationOrItsVerifiedHouseholdSigns) {
  const std::string one = completed();
  proven = false;
  EXPECT_TRUE(says(ask("签字 " + one + " 王芳", Intent::inform, number(one)), "signing.not_here"));
  ask("签字 王芳");
  EXPECT_EQ(outcome, Outcome::not_mine);
  proven = true;
  sender = "web-2";
  EXPECT_TRUE(says(ask("签字 " + one + " 王芳", Intent::inform, number(one)), "status.not_yours"));
  EXPECT_EQ(json(one)["state"], "completed");
  session.verified = Verified{501, now + 30min, 1};
  ask("签字 " + one + " 王芳", Intent::inform, number(one));
  ask("确认");
  EXPECT_EQ(json(one)["state"], "signed");
}

TEST_F(Signing, TheDoneMessageBearsTheLinkWhereThereIsAPublicAddressAndNoneOtherwise) {
  completed();
  const auto& done = post.sent.back().notice;
  ASSERT_EQ(done.template_id, "order.done");
  const auto link = std::get<std::string>(done.args.at("link"));
  EXPECT_TRUE(link.starts_with("https://estate.example.org/sign/")) << link;
  desk.link_with([](const orders::Order& order, std::int64_t version, Instant at) {
    return Links("k", "").url(order, version, at);
  });
  completed();
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("link")), "none");
}

TEST(SignLinks, Guarantee6_AreOursUnchangedAndForOnePurpose) {
  const Links links("key", "https://a.example");
  const Link link{12, 3, at("2026-11-26T10:00:00+08:00")};
  const std::string token = links.token(link);
  const auto read = links.read(token);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->order, 12);
  EXPECT_EQ(read->version, 3);
  EXPECT_EQ(read->expires, link.expires);
  EXPECT_FALSE(Links("another key", "https://a.example").read(token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(links.read(changed)) << i;
  }
  for (const std::string& odd :
       {std::string(), std::string("12-3"), "0" + token, token + "0", "+" + token, token.substr(1),
        std::string(100'000, '1'), std::string("999999999999999999999-1-1-0"),
        std::string("-1-1-1-0"), std::string("\0\xff", 2)}) {
    EXPECT_FALSE(links.read(odd));
  }
}

TEST_F(Signing, Guarantee6_TheKeyIsMadeOnceAndKept) {
  const Link link{1, 1, now};
  const std::string token = Links::open(db(), "https://a.example/").token(link);
  EXPECT_TRUE(Links::open(db(), "https://b.example").read(token));
  EXPECT_EQ(store::get_meta(db(), "sign_link_key")->size(), 43u);
}

TEST(SignDrawing, IsAWholePngOfSensibleSizeAndNothingElse) {
  using signing::is_drawing;
  EXPECT_TRUE(is_drawing(pixel));
  const std::string text(pixel);
  EXPECT_FALSE(is_drawing(""));
  EXPECT_FALSE(is_drawing("data:image/svg+xml;base64,PHN2Zz48L3N2Zz4="));
  EXPECT_FALSE(is_drawing("data:image/png;base64,"));
  EXPECT_FALSE(is_drawing("data:image/png;base64,AAAA"));
  EXPECT_FALSE(is_drawing(text.substr(0, 60)));      // cut off
  EXPECT_FALSE(is_drawing(text + "AAAA"));           // something behind the padding
  EXPECT_FALSE(is_drawing(text + "\" onload=\"x"));  // out of the attribute
  std::string odd = text;
  odd[40] = '<';
  EXPECT_FALSE(is_drawing(odd));
  EXPECT_FALSE(is_drawing(wide));
  EXPECT_FALSE(is_drawing("data:image/png;base64," + std::string(200'000, 'A')));
}

TEST(SignTemplate, EscapesWhatItShowsAndRepeatsParts) {
  const signing::Template page(
      "{{a}}|{{#list}}<{{x}}{{a}}>{{/list}}|{{#no}}never{{/no}}{{#yes}}!{{/yes}}");
  EXPECT_EQ(page.fill({{"a", "<b>\"&'"},
                       {"list", {{{"x", 1}}, {{"x", "二"}, {"a", "own"}}}},
                       {"no", ""},
                       {"yes", true}}),
            "&lt;b&gt;&quot;&amp;&#39;|<1&lt;b&gt;&quot;&amp;&#39;><二own>|!");
  EXPECT_EQ(signing::Template("{{open").fill({}), "{{open");
  EXPECT_EQ(signing::Template("{{#open}}x").fill({{"open", true}}), "x");
}

// A lane that runs a job at once; two at the same moment come one after the other, as in the real
// one.
struct TestLane final : Lane {
  explicit TestLane(std::function<TestTransaction()> begin) : begin(std::move(begin)) {}
  bool submit(LaneJob job) override {
    if (full) return false;
    auto tx = begin();
    job.run(tx);
    job.done({});
    return true;
  }
  void on_lost(std::function<void(store::Connection&)>) override {}
  void before_commit(std::function<void(store::Connection&)>) override {}
  void stop() override {}
  std::function<TestTransaction()> begin;
  bool full = false;
};
struct TestRoutes final : http::Routes {
  void add(std::string_view method, std::string_view pattern, http::Handler handler) override {
    handlers[std::string(method) + " " + std::string(pattern)] = std::move(handler);
  }
  std::map<std::string, http::Handler> handlers;
};

class SignPageTest : public Signing {
 protected:
  SignPageTest()
      : lane([this] { return tx(); }),
        page(desk, links, lane,
             signing::Template::load(std::string(HUIYIN_SOURCE_DIR) + "/config/pages/sign.html")
                 .value()) {
    page.add_routes(routes);
  }
  http::Response call(const std::string& method, const std::string& token, std::string body = {},
                      std::string type = "application/x-www-form-urlencoded") {
    http::Request request;
    request.method = method;
    request.params["token"] = token;
    request.body = std::move(body);
    if (method == "POST") request.headers["Content-Type"] = std::move(type);
    http::Response answer;
    int answers = 0;
    routes.handlers.at(method + " /sign/{token}")(request, [&](http::Response one) {
      answer = std::move(one);
      ++answers;
    });
    EXPECT_EQ(answers, 1);
    // None of the pages may load anything, or be kept or framed.
    EXPECT_EQ(answer.headers.at("Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(answer.headers.at("Content-Security-Policy").starts_with("default-src 'none'; "));
    EXPECT_EQ(answer.headers.at("Cache-Control"), "no-store");
    EXPECT_EQ(answer.headers.at("Referrer-Policy"), "no-referrer");
    EXPECT_FALSE(says(answer.body, "{{"));
    return answer;
  }
  std::string token_of(const std::string& number) {
    const auto order = orders::find(db(), number).value();
    return links.token({order.id, orders::sheet_version(db(), order), now + Links::lifetime});
  }
  static std::string name_field(std::string_view name) {
    return "name=" + http::percent_encode(name);
  }
  void expect_nobody_named(const http::Response& answer) {
    for (const char* personal : {"王芳", "13800138000", "3-2-501", "水龙头", "换阀", "WX2026"}) {
      EXPECT_FALSE(says(answer.body, personal)) << personal;
    }
  }
  TestLane lane;
  TestRoutes routes;
  signing::SignPage page;
};

TEST_F(SignPageTest, Guarantee6_TheLinkIsForWhatIsOnThePageAlone) {
  const std::string one = completed(), token = token_of(one);
  ASSERT_EQ(status(one, "call_back", {{"by", "前台"}, {"method", "phone"}, {"note", "好"}}), 200);
  ASSERT_EQ(status(one, "sign",
                   {{"by", "孙工"}, {"role", "engineering_supervisor"}, {"method", "paper"}}),
            200);
  EXPECT_EQ(call("GET", token).status, 200);
  ASSERT_EQ(status(one, "add_charge", {{"item", "人工"}, {"amount_fen", 1000}}), 200);
  EXPECT_EQ(call("GET", token).status, 409) << "another sum";
  EXPECT_EQ(call("POST", token_of(one), name_field("王芳")).status, 200);
}

TEST_F(SignPageTest, R5_19_ShowsTheSheetAndTakesATypedName) {
  const std::string one = completed(), token = token_of(one);
  const auto shown = call("GET", token);
  EXPECT_EQ(shown.status, 200);
  for (const std::string& part : {one, std::string("3-2-501"), std::string("换了阀芯"),
                                  std::string("换阀"), std::string("60.00")}) {
    EXPECT_TRUE(says(shown.body, part)) << part;
  }
  EXPECT_EQ(json(one)["state"], "completed");  // looking signs nothing
  const auto signed_it = call("POST", token, name_field(" 王芳 "));
  EXPECT_EQ(signed_it.status, 200);
  EXPECT_TRUE(says(signed_it.body, "signing.page.thanks"));
  expect_nobody_named(signed_it);
  const Json record = json(one);
  EXPECT_EQ(record["state"], "signed");
  EXPECT_EQ(record["signatures"][0]["by"], "王芳");
  EXPECT_EQ(record["signatures"][0]["method"], "page");
  EXPECT_EQ(record["history"].back()["channel"], "page");
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(SignPageTest, Guarantee6_ALinkIsUsedOnce) {
  const std::string one = completed(), token = token_of(one);
  EXPECT_EQ(call("POST", token, name_field("王芳")).status, 200);
  const auto again = call("POST", token, name_field("李四"));
  EXPECT_EQ(again.status, 410);
  expect_nobody_named(again);
  const auto look = call("GET", token);
  EXPECT_EQ(look.status, 410);
  EXPECT_TRUE(says(look.body, "signing.page.used"));
  expect_nobody_named(look);
  EXPECT_EQ(signatures(one).size(), 1u);
}

TEST_F(SignPageTest, R5_19_ADrawingIsKeptForTheSheet) {
  const std::string one = completed();
  const auto order = orders::find(db(), one).value();
  EXPECT_EQ(call("POST", token_of(one), "name=&drawing=" + http::percent_encode(pixel)).status,
            200);
  EXPECT_EQ(signatures(one)[0]["by"], "王芳");  // who reported it
  EXPECT_EQ(orders::signature_image(db(), order, 0), pixel);
  EXPECT_EQ(orders::signature_image(db(), order, 1), "");
  EXPECT_EQ(orders::signature_image(db(), order, -1), "");
  ASSERT_EQ(status(one, "sign", {{"by", "李师傅"}, {"role", "technician"}, {"method", "paper"}}),
            200);
  const auto pngs = orders::signature_pngs(db(), order);
  ASSERT_EQ(pngs.size(), 2u);
  EXPECT_TRUE(pngs[0].starts_with("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(pngs[1], "");
}

TEST_F(SignPageTest, Guarantee6_AForgedLinkIs403AndNamesNobody) {
  const std::string one = completed();
  std::string token = token_of(one);
  token.back() = token.back() == '0' ? '1' : '0';
  for (const char* method : {"GET", "POST"}) {
    const auto answer = call(method, token, name_field("王芳"));
    EXPECT_EQ(answer.status, 403);
    expect_nobody_named(answer);
  }
  EXPECT_EQ(json(one)["state"], "completed");
}

TEST_F(SignPageTest, Guarantee6_ALinkLivesSeventyTwoHours) {
  const std::string one = completed(), token = token_of(one);
  now += 72h - 1s;
  EXPECT_EQ(call("GET", token).status, 200);
  now += 1s;
  for (const char* method : {"GET", "POST"}) {
    const auto late = call(method, token, name_field("王芳"));
    EXPECT_EQ(late.status, 410);
    EXPECT_TRUE(says(late.body, "signing.page.expired"));
    expect_nobody_named(late);
  }
  EXPECT_EQ(json(one)["state"], "completed");
}

TEST_F(SignPageTest, Guarantee6_ALinkIsForOneVersionAndANewOneIsSentOnce) {
  const std::string one = completed(), token = token_of(one);
  ASSERT_EQ(status(one, "add_charge", {{"item", "人工"}, {"amount_fen", 1000}}), 200);
  const auto stale = call("GET", token);
  EXPECT_EQ(stale.status, 409);
  EXPECT_TRUE(says(stale.body, "signing.page.changed"));
  EXPECT_TRUE(says(stale.body, "name=\"renew\""));
  expect_nobody_named(stale);
  EXPECT_EQ(call("POST", token, name_field("王芳")).status, 409);
  EXPECT_EQ(json(one)["state"], "completed");
  for (int press = 0; press < 3; ++press) {
    EXPECT_EQ(call("POST", token, "renew=1").status, 200);
  }
  EXPECT_EQ(post.count("rest/web-1", "order.sign_link"), 1);  // no flood
  const std::string url = std::get<std::string>(post.sent.back().notice.args.at("link"));
  const std::string fresh = url.substr(url.rfind('/') + 1);
  EXPECT_EQ(call("POST", fresh, name_field("王芳")).status, 200);
  EXPECT_EQ(json(one)["state"], "signed");
}

TEST_F(SignPageTest, AnOrderThatNeedsNoSignatureIsGone) {
  const std::string one = record(chat_repair());
  EXPECT_EQ(call("GET", token_of(one)).status, 410);
  ASSERT_EQ(status(one, "cancel"), 200);
  const auto answer = call("POST", token_of(one), "renew=1");
  EXPECT_EQ(answer.status, 410);
  expect_nobody_named(answer);
  EXPECT_EQ(call("GET", links.token({999, 1, now + 1h})).status, 410);
  EXPECT_EQ(post.count("rest/web-1", "order.sign_link"), 0);
}

TEST_F(SignPageTest, HostileInputSignsNothing) {
  const std::string one = completed(), token = token_of(one);
  const std::string drawing = "drawing=" + http::percent_encode(pixel);
  EXPECT_EQ(call("POST", token, "").status, 400);
  EXPECT_EQ(call("POST", token, "name=%20%20").status, 400);
  EXPECT_EQ(call("POST", token, "name=%zz").status, 400);
  EXPECT_EQ(call("POST", token, name_field(std::string(41, 'a'))).status, 400);
  EXPECT_EQ(call("POST", token, "name=a&drawing=data:text/html,x").status, 400);
  EXPECT_EQ(call("POST", token, "name=a&" + drawing + "AAAA").status, 400);
  EXPECT_EQ(call("POST", token, std::string(300'001, 'a')).status, 413);
  EXPECT_EQ(call("POST", token, R"({"name":"a"})", "application/json").status, 415);
  lane.full = true;
  EXPECT_EQ(call("POST", token, name_field("王芳")).status, 503);
  lane.full = false;
  EXPECT_EQ(json(one)["state"], "completed");
  EXPECT_EQ(signatures(one).size(), 0u);
}

TEST_F(SignPageTest, WhatWasWrittenIsShownAsTextOnly) {
  const std::string one = record(chat_repair());
  ASSERT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
  for (const char* action : {"accept", "arrive", "start"}) ASSERT_EQ(status(one, action), 200);
  ASSERT_EQ(status(one, "add_charge", {{"item", "<script>x</script>"}, {"amount_fen", 100}}), 200);
  ASSERT_EQ(status(one, "complete", {{"note", "\"><img src=x>"}}), 200);
  const auto shown = call("GET", token_of(one));
  EXPECT_FALSE(says(shown.body, "<script>x"));
  EXPECT_FALSE(says(shown.body, "<img"));
  EXPECT_TRUE(says(shown.body, "&lt;script&gt;x"));
}

TEST_F(SignPageTest, ThePageSpeaksTheLanguageOfTheReport) {
  auto order = chat_repair();
  order.language = Language::en;
  EXPECT_TRUE(says(call("GET", token_of(completed(order))).body, "<html lang=\"en\">"));
  EXPECT_TRUE(says(call("GET", token_of(completed())).body, "<html lang=\"zh-Hans\">"));
}

}  // namespace
}  // namespace huiyin::orders_test
