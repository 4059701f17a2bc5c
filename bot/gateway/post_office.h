// The Post at work: puts a notice into words (the phrase script, in the reader's language), finds
// the way (the conversation's own channel, a staff member's address, SMS), and writes the outbox
// row.
#pragma once
#include <functional>
#include <string>

#include "bot/talk/conversations.h"
#include "bot/talk/post.h"
#include "store/conversation_log.h"

namespace huiyin {

struct PostParts {
  const Speech& speech;
  const Directory& directory;
  store::ConversationLog& log;
  // Writes the outbox row, due at once; returns its public id. Lane's thread.
  std::function<std::string(Transaction&, const Outbound&)> enqueue;
  // The channel that carries SMS now (setting sms.providers).
  std::function<std::string()> sms_channel;
};

class PostOffice final : public Post, public Conversations {
 public:
  explicit PostOffice(PostParts parts) : parts_(std::move(parts)) {}

  std::string send(Transaction& tx, const Notice& notice) override;
  std::string send_text(Transaction& tx, std::string_view conversation, std::string_view text,
                        std::string_view by) override;
  std::string to_staff(Transaction& tx, const StaffRecord& staff, Notice notice) override;
  std::string to_role(Transaction& tx, std::string_view role, Notice notice) override;

  std::optional<std::string> find(Transaction& tx, const std::string& sender) override;
  bool change(Transaction& tx, const std::string& conversation, const Json& event,
              const std::function<void(Session&)>& change) override;

 private:
  // Where a conversation is answered: the channel it wrote on last, and its address.
  void address(Transaction& tx, const std::string& conversation, Outbound& out) const;
  void note(Transaction& tx, const std::string& conversation, store::TurnKind kind,
            const Outbound& out, const Json& extra);

  PostParts parts_;
};

}  // namespace huiyin
