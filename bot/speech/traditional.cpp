#include "bot/speech/traditional.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

namespace huiyin {

struct Traditional::Impl {
  std::unique_ptr<icu::Transliterator> transliterator;
};

Traditional::Traditional() : impl_(std::make_unique<Impl>()) {
  UErrorCode status = U_ZERO_ERROR;
  impl_->transliterator.reset(
      icu::Transliterator::createInstance("Hans-Hant", UTRANS_FORWARD, status));
  if (U_FAILURE(status)) impl_->transliterator.reset();
}

Traditional::~Traditional() = default;

bool Traditional::ready() const {
  return impl_->transliterator != nullptr;
}

std::string Traditional::of(std::string_view simplified) const {
  auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(simplified.data(), static_cast<std::int32_t>(simplified.size())));
  impl_->transliterator->transliterate(text);
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace huiyin
