#include "channels/rest/codec.h"

#include "store/base/text.h"

namespace huiyin::rest {
namespace {

tl::unexpected<Error> must_be(std::string field, std::string_view what) {
  std::string message = field + " must be " + std::string(what);
  return fail(ErrorKind::invalid, std::move(message), std::move(field));
}

// An optional member that is a string; null counts as absent. False: it is something else.
bool take_string(const Json& object, std::string_view name, std::string& out) {
  const auto it = object.find(name);
  if (it == object.end() || it->is_null()) return true;
  if (!it->is_string()) return false;
  out = it->get_ref<const std::string&>();
  return true;
}

}  // namespace

Result<Inbound> decode(std::string_view body, std::string_view bearer) {
  std::string repaired;
  if (!is_valid_utf8(body)) body = repaired = to_valid_utf8(body);
  const auto parsed = parse_json(body);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->is_object()) return fail(ErrorKind::invalid, "the body must be a JSON object");

  Inbound message;
  message.channel = "rest";
  const auto sender = parsed->find("sender");
  if (sender == parsed->end() || !sender->is_string()) return must_be("sender", "a string");
  message.sender = sender->get_ref<const std::string&>();
  if (message.sender.empty()) return must_be("sender", "a string that is not empty");
  if (message.sender.size() > sender_bytes_max) {
    return must_be("sender", "at most " + std::to_string(sender_bytes_max) + " bytes long");
  }
  const auto text = parsed->find("message");
  if (text == parsed->end() || !text->is_string()) return must_be("message", "a string");
  message.text = text->get_ref<const std::string&>();
  if (!take_string(*parsed, "message_id", message.message_id)) {
    return must_be("message_id", "a string");
  }
  if (message.message_id.size() > message_id_bytes_max) {
    return must_be("message_id", "at most " + std::to_string(message_id_bytes_max) + " bytes long");
  }
  if (const auto metadata = parsed->find("metadata");
      metadata != parsed->end() && !metadata->is_null()) {
    if (!metadata->is_object()) return must_be("metadata", "an object");
    if (!take_string(*metadata, "token", message.token)) {
      return must_be("metadata.token", "a string");
    }
    if (!take_string(*metadata, "estate", message.estate)) {
      return must_be("metadata.estate", "a string");
    }
  }
  if (!bearer.empty()) message.token = bearer;
  return message;
}

void append_message(std::string& out, std::string_view recipient, const Reply& reply) {
  out += "{\"recipient_id\":";
  append_quoted(out, recipient);
  if (!reply.text.empty()) {
    out += ",\"text\":";
    append_quoted(out, reply.text);
  }
  if (!reply.buttons.empty()) {
    out += ",\"buttons\":[";
    for (std::size_t i = 0; i < reply.buttons.size(); ++i) {
      out += i == 0 ? "{\"title\":" : ",{\"title\":";
      append_quoted(out, reply.buttons[i].title);
      out += ",\"payload\":";
      append_quoted(out, reply.buttons[i].payload);
      out += '}';
    }
    out += ']';
  }
  if (!reply.image.empty()) {
    out += ",\"image\":";
    append_quoted(out, reply.image);
  }
  if (!reply.custom.is_null()) {
    out += ",\"custom\":";
    out += dump_json(reply.custom);
  }
  out += '}';
}

std::string encode(std::string_view recipient, const std::vector<Reply>& replies) {
  std::string out;
  out.reserve(256 * (replies.size() + 1));
  out += '[';
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (i > 0) out += ',';
    append_message(out, recipient, replies[i]);
  }
  out += ']';
  return out;
}

}  // namespace huiyin::rest
