#include "dialogs/reports/resource.h"

#include <algorithm>
#include <set>

namespace huiyin::reports {
namespace {

Json schema_of(const Report& report) {
  Json properties = Json::object();
  for (const auto& column : report.columns) {
    const auto dot = column.name.find('.');
    const Json type = {{"type", Json::array({column.type == Column::Type::flag ? "boolean"
                                             : column.type == Column::Type::fen ||
                                                     column.type == Column::Type::number
                                                 ? "integer"
                                                 : "string",
                                             "null"})}};
    if (dot == std::string_view::npos) {
      properties[std::string(column.name)] = type;
      continue;
    }
    Json& nested = properties[std::string(column.name.substr(0, dot))];
    nested["type"] = "object";
    nested["properties"][std::string(column.name.substr(dot + 1))] = type;
  }
  return {
      {"type", "object"},
      {"required", {"items", "next"}},
      {"properties",
       {{"items", {{"type", "array"}, {"items", {{"type", "object"}, {"properties", properties}}}}},
        {"next", {{"type", "null"}}},
        {"totals", {{"type", "object"}}}}}};
}

}  // namespace

void ReportsResource::add_to(Api& api) {
  for (const auto& report : all_reports()) {
    ApiRoute route{"GET",     "/api/v1/reports/" + std::string(report.name),
                   all_roles, std::string(report.summary),
                   nullptr,   schema_of(report)};
    route.query = {"from", "to", "month", "estate", "lang", "format"};
    route.answer_types = {"application/json", "text/csv",
                          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
    api.add(std::move(route), [this, &report](ApiCall& call) { return answer(call, report); });
  }
}

http::Response ReportsResource::answer(ApiCall& call, const Report& report) {
  const http::Request& request = call.request();
  const std::string format = request.query_value("format"), lang = request.query_value("lang");
  if (!format.empty() && format != "json" && format != "csv" && format != "xlsx") {
    return http::bad_request("format", "must be json, csv or xlsx");
  }
  if (!lang.empty() && lang != "zh" && lang != "en") {
    return http::bad_request("lang", "must be zh or en");
  }
  const std::string estate = request.query_value("estate");
  if (const auto all = directory_.estates();
      !estate.empty() && std::ranges::find(all, estate) == all.end()) {
    return http::bad_request("estate", "is none that there is");
  }
  const EstateProfile& profile = directory_.profile(estate.empty() ? call.who().estate : estate);
  const auto period = period_of(request, report.usual, profile.zone, call.now());
  if (!period) return http::bad_request(period.error());
  const orders::Labels labels(speech_, directory_, lang == "en" ? Language::en : Language::zh_hans);
  return call.read([&](store::Connection& db) {
    TableStyle style{std::string(report.name), report.columns, labels};
    auto out = format == "csv"    ? csv_writer(std::move(style))
               : format == "xlsx" ? xlsx_writer(std::move(style))
                                  : json_writer(std::move(style));
    const Json totals =
        report.run({db, directory_, labels, *period, estate, call.now(), call.who()}, *out);
    auto answer = out->finish(totals);
    answer.headers["Cache-Control"] = "no-store";  // personal data
    return answer;
  });
}

ConfigFaults check_headings(const std::string& config_dir) {
  const auto speech = load_speech(config_dir + "/phrases");
  if (!speech) return {};  // told by whoever checks the phrases
  std::set<std::string> ids{"label.flag.yes", "label.flag.no", "label.offence.dispatch",
                            "label.offence.refusal"};
  for (const auto& report : all_reports()) {
    for (const auto& column : report.columns)
      ids.insert("label.column." + std::string(column.name));
  }
  std::vector<PhraseUse> uses;
  uses.reserve(ids.size());
  for (const auto& id : ids) uses.push_back({id, {}, "phrases", ""});
  return check_phrase_uses(**speech, uses);
}

}  // namespace huiyin::reports
