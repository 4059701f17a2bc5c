// What comes in and what goes out, as the store keeps it: the same for every channel.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "store/base/json.h"
#include "store/base/time.h"

namespace huiyin {

struct Button {
  std::string title;
  std::string payload;  // a readable sentence, at most 64 bytes; sent back as the resident's words
};

struct Attachment {
  std::string kind;  // "image", "audio", "file"
  std::string url;
};

// One message of one sender, verified and decoded by its channel.
struct Inbound {
  std::string channel;     // "rest", "twilio", "kannel", ...
  std::string sender;      // the conversation id: E.164 on SMS, the client's own on rest
  std::string message_id;  // the provider's; empty when it has none (then nothing is deduplicated)
  std::string text;        // valid UTF-8, verbatim
  std::string to;          // the number or account it was written to; may be empty
  std::string estate;      // metadata.estate; may be empty
  std::vector<Attachment> attachments;
  // The channel proves that this sender is who it says: the phone of an SMS, a session token.
  bool proven = false;
  // The E.164 phone that the channel proves; empty elsewhere.
  std::string proven_phone;
  // rest: an opaque session token that came with the message; checked by the turn.
  std::string token;
};

// One message of an answer, as far as any channel can show it.
struct Reply {
  std::string text;
  std::vector<Button> buttons;
  std::string image;  // URL; may be empty
  Json custom;        // null, or an object for web clients
};

// The life of an outgoing message; forward only, `unknown` may still become any final one. Stored
// by number: new ones go to the end.
enum class SendState {
  scheduled = 0,
  queued,
  sending,
  sent,
  delivered,
  read,
  failed,
  expired,
  cancelled,
  suppressed,
  unknown,
};
std::string_view to_string(SendState state);
std::optional<SendState> send_state(std::string_view name);
bool is_final(SendState state);

// One message that leaves by the outbox.
struct Outbound {
  std::string id;       // our own, in every callback address: "ob_" and 22 characters
  std::string channel;  // whose send() is called
  std::string to;       // E.164, or the sender id of the channel
  std::string text;
  std::vector<Button> buttons;
  std::string template_id;   // the phrase it was made from
  std::string category;      // "service", "emergency", "marketing", "staff", "code"
  std::string order;         // number of the record it is about; may be empty
  std::string callback_url;  // where the provider reports, with our id; filled by the worker
  int attempt = 0;           // 1 on the first
};

}  // namespace huiyin
