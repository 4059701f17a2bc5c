#include "channels/kannel/codec.h"

#include <unicode/ucnv.h>

#include <array>
#include <charconv>

#include "bot/degrade.h"
#include "bot/sms_text.h"
#include "store/base/text.h"

namespace huiyin::kannel {
namespace {

constexpr int report_delivered = 1;
constexpr int report_failed = 2;
constexpr int report_rejected = 16;

// Kannel's names and those of networks behind it → the converter's. A closed list: a converter is
// never looked up by a name from outside.
struct Charset {
  std::string_view name;
  const char* converter;  // null: the alphabet of GSM
};
constexpr std::array<Charset, 19> charsets = {{{"utf-8", "UTF-8"},
                                               {"utf8", "UTF-8"},
                                               {"us-ascii", "ISO-8859-1"},
                                               {"ascii", "ISO-8859-1"},
                                               {"utf-16be", "UTF-16BE"},
                                               {"utf-16", "UTF-16"},
                                               {"utf-16le", "UTF-16LE"},
                                               {"ucs-2", "UTF-16BE"},
                                               {"ucs-2be", "UTF-16BE"},
                                               {"gsm", nullptr},
                                               {"gsm-03.38", nullptr},
                                               {"iso-8859-1", "ISO-8859-1"},
                                               {"latin1", "ISO-8859-1"},
                                               {"8-bit", "ISO-8859-1"},
                                               {"iso-8859-15", "ISO-8859-15"},
                                               {"windows-1252", "windows-1252"},
                                               {"gbk", "GBK"},
                                               {"gb2312", "GBK"},
                                               {"gb18030", "gb18030"}}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

std::string convert(std::string_view octets, const char* converter) {
  UErrorCode status = U_ZERO_ERROR;
  const auto size = static_cast<std::int32_t>(octets.size());
  // At most three bytes for a UTF-16 unit, and no more units than octets.
  std::string out(octets.size() * 3 + 4, '\0');
  const std::int32_t written =
      ucnv_convert("UTF-8", converter, out.data(), static_cast<std::int32_t>(out.size()),
                   octets.data(), size, &status);
  if (U_FAILURE(status)) return std::string();
  out.resize(static_cast<std::size_t>(written));
  return out;
}

tl::unexpected<Error> needed(std::string field) {
  std::string message = field + " is needed";
  return fail(ErrorKind::invalid, std::move(message), std::move(field));
}

std::string_view first(const http::Fields& fields, std::string_view name) {
  const auto it = fields.find(name);
  return it == fields.end() ? std::string_view{} : std::string_view(it->second);
}

}  // namespace

Result<std::string> to_utf8(std::string_view octets, std::string_view charset) {
  const std::string name = lower(trim(charset));
  for (const auto& known : charsets) {
    if (known.name != name) continue;
    if (known.converter == nullptr) return gsm7_to_utf8(octets);
    if (std::string_view(known.converter) == "UTF-8") return to_valid_utf8(octets);
    return to_valid_utf8(convert(octets, known.converter));
  }
  return fail(ErrorKind::invalid, "charset is not known", "charset");
}

Result<Inbound> decode(const http::Fields& query) {
  const std::string_view from = first(query, "from");
  if (from.empty()) return needed("from");
  if (!query.contains("text")) return needed("text");
  if (!query.contains("charset")) return needed("charset");
  auto text = to_utf8(first(query, "text"), first(query, "charset"));
  if (!text) return tl::unexpected(text.error());
  const auto sender = sms_sender(from);
  if (!sender) return fail(ErrorKind::invalid, "from " + sender.error().message, "from");
  Inbound message;
  message.channel = "kannel";
  message.sender = sender->id;
  message.proven_phone = sender->phone;
  message.proven = true;
  message.message_id = to_valid_utf8(first(query, "id"));
  message.to = to_valid_utf8(first(query, "to"));
  message.text = std::move(*text);
  return message;
}

Result<std::optional<Receipt>> decode_report(std::string_view id, std::string_view status) {
  int type = 0;
  const auto [end, error] = std::from_chars(status.data(), status.data() + status.size(), type);
  if (error != std::errc{} || end != status.data() + status.size()) {
    return fail(ErrorKind::invalid, "status must be a number", "status");
  }
  Receipt receipt;
  receipt.outbound_id = id;
  receipt.provider = "kannel";
  if (type == report_delivered) {
    receipt.state = SendState::delivered;
  } else if (type == report_failed || type == report_rejected) {
    receipt.state = SendState::failed;
    receipt.detail = type == report_failed ? "2" : "16";
  } else {
    return std::nullopt;  // buffered, taken by the SMSC, intermediate
  }
  if (id.empty()) return std::nullopt;
  return receipt;
}

std::string encode(const std::vector<Reply>& replies, std::string_view signature) {
  std::string out;
  for (const auto& reply : replies) {
    const std::string text = safe_for_display(with_buttons_as_text(reply.text, reply.buttons));
    if (text.empty()) continue;
    if (!out.empty()) out += '\n';
    out += text;
  }
  return out.empty() ? out : with_signature(out, signature);
}

}  // namespace huiyin::kannel
