#include "bot/gateway/api.h"
namespace huiyin {
const Roles all_roles{"admin","front_desk","dispatcher","technician","engineering_supervisor","property_assistant","service_supervisor","finance","archivist","quality","centre_manager","general_manager"};
std::string Principal::actor() const { return staff == 0 ? "admin" : "staff:" + std::to_string(staff); }
namespace http {
bool CaseLess::operator()(std::string_view a, std::string_view b) const { return a < b; }
std::string_view Request::header(std::string_view name) const { auto it = headers.find(name); return it==headers.end()?"":std::string_view(it->second); }
std::string Request::query_value(std::string_view name) const {
  std::string q = "&" + query + "&"; std::string key = "&" + std::string(name) + "=";
  auto at = q.find(key); if (at == std::string::npos) return "";
  at += key.size(); return q.substr(at, q.find('&', at) - at);
}
Response Response::json(int status, const Json& body) { Response r; r.status=status; r.body=dump_json(body); return r; }
Response Response::problem(int status, std::string_view title, std::string_view detail, Json extra) {
  extra["title"]=title; extra["status"]=status; extra["detail"]=detail; return json(status, extra);
}
Response Response::from(const Error& e) {
  int s = e.kind==ErrorKind::invalid?400:e.kind==ErrorKind::not_found?404:e.kind==ErrorKind::conflict?409:500;
  Json x = Json::object(); if(!e.field.empty()) x["field"]=e.field;
  return problem(s, "t", e.message, x);
}
}
}
