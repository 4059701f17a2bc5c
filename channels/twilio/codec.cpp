#include "channels/twilio/codec.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "bot/degrade.h"
#include "bot/sms_text.h"
#include "store/base/secret.h"
#include "store/base/text.h"

namespace huiyin::twilio {
namespace {

const std::string* first(const http::Fields& form, std::string_view name) {
  const auto it = form.find(name);
  return it == form.end() ? nullptr : &it->second;
}

std::string value(const http::Fields& form, std::string_view name) {
  const std::string* found = first(form, name);
  return found ? to_valid_utf8(*found) : std::string();
}

tl::unexpected<Error> needed(std::string field) {
  std::string message = field + " is needed";
  return fail(ErrorKind::invalid, std::move(message), std::move(field));
}

std::string kind_of(std::string_view content_type) {
  for (const std::string_view kind : {"image", "audio"}) {
    if (content_type.starts_with(kind)) return std::string(kind);
  }
  return "file";
}

void take_attachments(const http::Fields& form, Inbound& message) {
  const std::string count = value(form, "NumMedia");
  int number = 0;
  std::from_chars(count.data(), count.data() + count.size(), number);
  for (int i = 0; i < std::clamp(number, 0, attachments_max); ++i) {
    const std::string url = value(form, "MediaUrl" + std::to_string(i));
    if (url.empty()) continue;
    message.attachments.push_back(
        {kind_of(value(form, "MediaContentType" + std::to_string(i))), url});
  }
}

}  // namespace

std::string signature(std::string_view auth_token, std::string_view url, const http::Fields& form) {
  std::string text(url);
  for (auto it = form.begin(); it != form.end();) {
    const auto end = form.upper_bound(it->first);
    std::set<std::string_view> values;
    for (auto each = it; each != end; ++each) values.insert(each->second);
    for (const std::string_view one : values) {
      text += it->first;
      text += one;
    }
    it = end;
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha1(), auth_token.data(), static_cast<int>(auth_token.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  unsigned char encoded[2 * EVP_MAX_MD_SIZE];
  const int length = EVP_EncodeBlock(encoded, digest, static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length)};
}

bool signature_holds(std::string_view auth_token, std::string_view url, const http::Fields& form,
                     std::string_view given) {
  return equal_constant_time(signature(auth_token, url, form), given);
}

Result<Inbound> decode(const http::Fields& form) {
  const std::string* from = first(form, "From");
  if (!from || from->empty()) return needed("From");
  if (!first(form, "Body")) return needed("Body");
  Inbound message;
  message.message_id = value(form, "MessageSid");
  if (message.message_id.empty()) return needed("MessageSid");
  const auto sender = sms_sender(*from);
  if (!sender) return fail(ErrorKind::invalid, "From " + sender.error().message, "From");
  message.channel = "twilio";
  message.sender = sender->id;
  message.proven_phone = sender->phone;
  message.proven = true;
  message.text = value(form, "Body");
  message.to = value(form, "To");
  take_attachments(form, message);
  return message;
}

Result<std::optional<Receipt>> decode_status(std::string_view id, const http::Fields& form) {
  const std::string status = value(form, "MessageStatus");
  if (status.empty()) {
    if (first(form, "CallStatus")) return std::nullopt;
    return needed("MessageStatus");
  }
  Receipt receipt;
  receipt.outbound_id = id;
  receipt.provider = "twilio";
  receipt.detail = value(form, "ErrorCode");
  if (status == "sent") {
    receipt.state = SendState::sent;
  } else if (status == "delivered") {
    receipt.state = SendState::delivered;
  } else if (status == "read") {
    receipt.state = SendState::read;
  } else if (status == "failed" || status == "undelivered") {
    receipt.state = SendState::failed;
  } else {
    return std::nullopt;
  }
  if (id.empty()) return std::nullopt;  // not asked for by us
  return receipt;
}

std::string encode(const std::vector<Reply>& replies, std::string_view signature) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("Response");
  for (const auto& reply : replies) {
    std::string text = safe_for_display(with_buttons_as_text(reply.text, reply.buttons));
    if (!text.empty()) text = with_signature(text, signature);
    auto parts = split_text(text, body_code_points_max);
    if (parts.empty() && !reply.image.empty()) parts.emplace_back();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      pugi::xml_node message = root.append_child("Message");
      if (i > 0 || reply.image.empty()) {
        message.text().set(parts[i].c_str());
        continue;
      }
      if (!parts[i].empty()) message.append_child("Body").text().set(parts[i].c_str());
      message.append_child("Media").text().set(reply.image.c_str());
    }
  }
  std::ostringstream out;
  document.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return out.str();
}

}  // namespace huiyin::twilio
