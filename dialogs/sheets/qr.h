// The QR code of a sheet's number, for whoever holds the paper and a phone.
#pragma once
#include <string>
#include <string_view>

#include "dialogs/sheets/template.h"

namespace huiyin::sheets {

// An inline SVG of one path on white, with the quiet zone that readers need; no styles, no
// scripts, no links. `text` is ASCII. Empty when it is too long for a code.
Html qr_code(std::string_view text);

}  // namespace huiyin::sheets
