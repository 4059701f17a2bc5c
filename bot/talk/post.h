// Everything that starts from our side: one way out, through the phrase script and the outbox.
#pragma once
#include <optional>
#include <string>

#include "bot/gateway/lane.h"
#include "bot/speech/speech.h"
#include "bot/talk/directory.h"
#include "store/message.h"

namespace huiyin {

// One message that is to leave. Exactly one of the three ways to say to whom.
struct Notice {
  std::string template_id;  // phrase id
  Args args;
  std::string category = "service";  // service emergency marketing staff code
  std::string order;                 // number of the record it is about
  std::string estate;                // for zone and duty phones
  Language language = Language::zh_hans;

  std::string phone;         // E.164: by SMS
  std::string conversation;  // "space/sender": where the resident wrote from
  std::string channel;       // with `address`: that channel
  std::string address;
};

class Post {
 public:
  virtual ~Post() = default;
  // Writes the outbox row (and, for a conversation, its line of the log) in the transaction; it
  // leaves after the commit. Returns its public id.
  virtual std::string send(Transaction& tx, const Notice& notice) = 0;
  // The text of a person to a conversation they hold, as it is.
  virtual std::string send_text(Transaction& tx, std::string_view conversation,
                                std::string_view text, std::string_view by) = 0;
  // To one staff member at the address they gave (else their phone by SMS).
  virtual std::string to_staff(Transaction& tx, const StaffRecord& staff, Notice notice) = 0;
  // To the person of that role on the estate (the first by id); to the estate's duty phone when
  // nobody holds it: every matter reaches somebody.
  virtual std::string to_role(Transaction& tx, std::string_view role, Notice notice) = 0;
};

}  // namespace huiyin
