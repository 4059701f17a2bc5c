// One-time codes (guarantee 6): six digits to the phones registered for a unit, for the
// conversation that asked only. They live 5 minutes, 5 tries, one use; one a minute and five an
// hour per phone. Only hashes are stored.
//
// Nobody shall learn from the answers whether a unit exists or has a phone: an address without one
// gets a row like any other (without a phone, with a code that nobody knows), so that tries and
// limits run the same.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/turn.h"
#include "store/base/secret.h"
#include "store/database.h"

namespace huiyin::identity {

inline constexpr int code_digits = 6;

std::vector<store::Migration> migrations();  // owner "identity"

// Whom a code may be sent to.
struct Holder {
  std::int64_t unit = 0;    // 0: nobody, the address is not known or has no phone
  std::int64_t member = 0;  // HouseholdMember::id
  std::string phone;        // E.164
};
// What is to be sent by SMS; the code is nowhere else.
struct Fresh {
  std::string phone, code;
};

// Makes codes for an address; nothing when they were asked for too often (`nullopt`). Codes that
// the conversation got before are void. A phone that is at its limit gets none.
std::optional<std::vector<Fresh>> issue(Transaction& tx, const TalkRules& rules, Random& random,
                                        std::string_view conversation, std::string_view address,
                                        std::vector<Holder> holders);

enum class Verdict { right, wrong, expired, too_many, none };
struct Tried {
  Verdict verdict = Verdict::none;  // none: this conversation expects no code
  Holder holder;                    // when right
  int left = 0;                     // tries, when wrong
};
// One try; counts.
Tried try_code(Transaction& tx, const TalkRules& rules, std::string_view conversation,
               std::string_view code);

}  // namespace huiyin::identity
