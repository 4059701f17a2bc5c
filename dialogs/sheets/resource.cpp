#include "dialogs/sheets/resource.h"

#include <algorithm>
#include <charconv>

#include "dialogs/orders/order_json.h"
#include "dialogs/sheets/sheet_fields.h"

namespace huiyin::sheets {
namespace {

http::Response not_found(const std::string& why) {
  return http::Response::problem(404, "Not Found", why);
}

// A whole number from 1; the first copy where none is asked for.
std::optional<int> copy_of(const http::Request& request) {
  const auto fields = request.query_fields();
  const auto told = fields.find("copy");
  if (told == fields.end()) return 1;
  const std::string& text = told->second;
  int copy = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), copy);
  if (error == std::errc::result_out_of_range && text.front() != '-') return 1'000'000;
  if (error != std::errc{} || end != text.data() + text.size() || copy < 1) return std::nullopt;
  return copy;
}

}  // namespace

void SheetsResource::add_to(Api& api) {
  ApiRoute route{"GET",     "/api/v1/work-orders/{number}/sheet",
                 all_roles, "The printable sheet of a work order, one A4 page a copy",
                 nullptr,   {{"type", "string"}}};
  route.query = {"copy", "form"};
  route.answer_types = {"text/html"};
  api.add(std::move(route), [this](ApiCall& call) { return sheet(call); });
}

std::vector<SheetsResource::Copy> SheetsResource::copies_of(const Sheet& sheet, const Json& record,
                                                            const EstateProfile& profile,
                                                            const orders::Labels& labels) const {
  std::vector<std::string> holders = sheet.holders;
  const Json own = record.value("copies", Json::array());
  const auto of_estate = profile.values.find("repair_sheet");
  // R5.7 against R9.7: how many copies a repair sheet has and where they end is the estate's.
  if (sheet.kind == "repair" && !sheet.on_request && of_estate != profile.values.end()) {
    const Json told = of_estate->value("holders", Json::array());
    if (!told.empty()) holders = told.get<std::vector<std::string>>();
  }
  if (!sheet.on_request && !own.empty()) holders.resize(own.size());
  std::vector<Copy> out;
  for (const auto& holder : holders) {
    const auto label = sheet.copies.find(holder);
    out.push_back(
        {holder, label == sheet.copies.end() ? labels.of("role", holder) : label->second});
  }
  return out;
}

http::Response SheetsResource::sheet(ApiCall& call) {
  const http::Request& request = call.request();
  const auto copy = copy_of(request);
  if (!copy) return http::bad_request("copy", "must be the number of a copy, from 1");
  const std::string number = request.params.at("number"), form = request.query_value("form");
  return call.read([&](store::Connection& db) {
    const auto order = orders::find(db, number);
    if (!order) return not_found("there is no such work order");
    const EstateProfile& profile = directory_.profile(order->estate);
    const Sheet* sheet = book_.find(order->kind, text_of(profile.values, "profile"), form);
    if (sheet == nullptr) return http::bad_request("form", "is none that this work order has");
    const SheetOrder told{orders::to_json(db, *order, profile),
                          drawn_ ? drawn_(db, *order) : std::vector<std::string>()};
    const orders::Labels labels(speech_, directory_, Language::zh_hans);
    const auto copies = copies_of(*sheet, told.record, profile, labels);
    if (*copy > static_cast<int>(copies.size())) return not_found("there is no such copy");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < copies.size(); ++i) {
      names.push_back(book_.ordinal(static_cast<int>(i + 1)) + " " + copies[i].label);
    }
    const Copy& asked = copies[static_cast<std::size_t>(*copy - 1)];
    const CopyOnPaper printed{*copy, book_.ordinal(*copy), asked.label, asked.holder};
    auto answer = http::Response::text(
        200, sheet->page.render(fields_of(told, printed, names, profile, labels, call.now())),
        "text/html; charset=utf-8");
    answer.headers["Content-Security-Policy"] = sheet->policy;
    answer.headers["X-Content-Type-Options"] = "nosniff";
    answer.headers["Referrer-Policy"] = "no-referrer";
    answer.headers["Cache-Control"] = "no-store";  // personal data
    return answer;
  });
}

}  // namespace huiyin::sheets
