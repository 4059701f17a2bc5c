#include "bot/http.h"

#include <algorithm>

#include "store/base/text.h"

namespace huiyin::http {
namespace {

constexpr std::size_t form_fields_max = 1'000;  // more is nobody's form

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Appends what `text` stands for; false on a broken escape, which then stands for itself.
bool decode_into(std::string& out, std::string_view text, bool plus_is_space) {
  bool whole = true;
  out.reserve(out.size() + text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '+' && plus_is_space) {
      out += ' ';
    } else if (c != '%') {
      out += c;
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        whole = false;
        out += c;
        continue;
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return whole;
}

// Calls `take(name, value)` on each pair, decoded; false when a pair was broken.
template <class Take>
bool each_pair(std::string_view text, Take take) {
  bool whole = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equal = std::min(pair.find('='), pair.size());
    std::string name, value;
    whole &= decode_into(name, pair.substr(0, equal), true);
    if (equal < pair.size()) whole &= decode_into(value, pair.substr(equal + 1), true);
    if (!take(std::move(name), std::move(value))) break;
  }
  return whole;
}

struct Meaning {
  int status;
  std::string_view title;
};

Meaning meaning_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return {400, "Bad Request"};
    case ErrorKind::unauthorized:
      return {401, "Unauthorized"};
    case ErrorKind::forbidden:
      return {403, "Forbidden"};
    case ErrorKind::not_found:
      return {404, "Not Found"};
    case ErrorKind::conflict:
      return {409, "Conflict"};
    case ErrorKind::rejected:
      return {422, "Unprocessable Content"};
    case ErrorKind::rate_limited:
      return {429, "Too Many Requests"};
    case ErrorKind::transient:
      return {503, "Service Unavailable"};
    case ErrorKind::ambiguous:
      return {504, "Gateway Timeout"};
    case ErrorKind::corrupt:
      break;
  }
  return {500, "Internal Server Error"};
}

}  // namespace

bool CaseLess::operator()(std::string_view a, std::string_view b) const {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return lower(x) < lower(y); });
}

std::string_view Request::header(std::string_view name) const {
  const auto it = headers.find(name);
  return it == headers.end() ? std::string_view{} : std::string_view(it->second);
}

Fields Request::query_fields() const {
  Fields fields;
  each_pair(query, [&](std::string name, std::string value) {
    fields.emplace(std::move(name), std::move(value));
    return fields.size() < form_fields_max;
  });
  return fields;
}

std::string Request::query_value(std::string_view name) const {
  std::string found;
  each_pair(query, [&](const std::string& key, std::string value) {
    if (key != name) return true;
    found = std::move(value);
    return false;
  });
  return found;
}

std::string_view Request::bearer_token() const {
  constexpr std::string_view scheme = "bearer ";
  const std::string_view value = header("Authorization");
  if (value.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = value[i];
    if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != scheme[i]) return {};
  }
  return trim(value.substr(scheme.size()));
}

Result<Fields> parse_form(std::string_view text) {
  Fields fields;
  bool too_many = false;
  const bool whole = each_pair(text, [&](std::string name, std::string value) {
    fields.emplace(std::move(name), std::move(value));
    too_many = fields.size() > form_fields_max;
    return !too_many;
  });
  if (!whole) return fail(ErrorKind::invalid, "the form has a broken percent escape");
  if (too_many) {
    return fail(ErrorKind::invalid,
                "the form has more than " + std::to_string(form_fields_max) + " fields");
  }
  return fields;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  if (!decode_into(out, text, false)) return fail(ErrorKind::invalid, "a broken percent escape");
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || c == '_' || c == '~';
    if (kept) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

Response Response::json(int status, const Json& body) {
  Response response;
  response.status = status;
  response.headers.emplace("Content-Type", "application/json");
  response.body = dump_json(body);
  return response;
}

Response Response::text(int status, std::string body, std::string type) {
  Response response;
  response.status = status;
  response.headers.emplace("Content-Type", std::move(type));
  response.body = std::move(body);
  return response;
}

Response Response::problem(int status, std::string_view title, std::string_view detail,
                           const Json& extra) {
  Json body = {{"type", "about:blank"}, {"title", title}, {"status", status}};
  if (!detail.empty()) body["detail"] = detail;
  if (extra.is_object()) body.update(extra);
  Response response = json(status, body);
  response.headers["Content-Type"] = "application/problem+json";
  return response;
}

Response Response::from(const Error& error) {
  const Meaning meaning = meaning_of(error.kind);
  Json extra = Json::object();
  if (!error.field.empty()) extra["field"] = error.field;
  // What is wrong inside the house is for its log, not for the caller.
  const bool inside = error.kind == ErrorKind::corrupt;
  Response response = problem(meaning.status, meaning.title,
                              inside ? std::string_view{} : std::string_view(error.message), extra);
  if (meaning.status == 401) response.headers.emplace("WWW-Authenticate", "Bearer");
  if (error.retry_after || error.kind == ErrorKind::transient) {
    const auto wait = error.retry_after.value_or(std::chrono::seconds(1));
    response.headers.emplace("Retry-After", std::to_string(wait.count()));
  }
  return response;
}

Response bad_request(std::string_view field, std::string_view why) {
  return Response::problem(400, "Bad Request", std::string(field) + " " + std::string(why),
                           {{"field", field}});
}

Response bad_request(const Error& error) {
  Json extra = Json::object();
  if (!error.field.empty()) extra["field"] = error.field;
  return Response::problem(400, "Bad Request", error.message, extra);
}

}  // namespace huiyin::http
