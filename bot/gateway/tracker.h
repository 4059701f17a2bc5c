// Rasa's tracker shape (docs: Rasa HTTP API, /conversations/{id}/tracker) from the rows of the log.
#pragma once
#include <string>
#include <vector>

#include "bot/talk/session.h"
#include "store/conversation_log.h"

namespace huiyin {

// `rows` oldest first; `session` is the conversation's current one.
Json make_tracker(const std::string& sender, const std::vector<store::TurnRow>& rows,
                  const Session& session);

}  // namespace huiyin
