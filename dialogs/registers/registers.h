// The 18 registers of R1.10 in conversation and in the operator API. A register is a file of
// config/forms with `register: true`; a request for one opens its dialogue, a request that names
// none is taken as it was said. Either makes a task, so that every matter has an owner (R3.5).
#pragma once
#include <functional>

#include "bot/gateway/api.h"
#include "bot/talk/dialog.h"
#include "dialogs/registers/records.h"

namespace huiyin::registers {

// Makes a task (contract: kind `task`) for staff out of what a resident said; gives its number.
// `unit` is canonical and may be empty, as may `estate`. The composition root passes
// dialogs/orders'.
using TaskMaker = std::function<std::string(
    Turn&, const std::string& estate, const std::string& unit, const std::string& description)>;

class Registers final : public Dialog, public Resource {
 public:
  Registers(const FormBook& forms, const Directory& directory, TaskMaker make_task)
      : forms_(forms), directory_(directory), make_task_(std::move(make_task)) {}

  std::string_view id() const override { return "registers"; }
  std::vector<Intent> intents() const override {
    return {Intent::request_form, Intent::update_contact};
  }
  Outcome answer(Turn& turn) override;
  std::vector<std::string> completions() const override { return {"register"}; }
  Outcome complete(Turn& turn, const FormSpec& form, const FormFrame& frame) override;
  bool amend(Turn& turn, const Json& slots) override;

  void add_to(Api& api) override;

 private:
  Outcome take_as_said(Turn& turn, std::string_view phrase);
  // New contact details, told in one sentence: a task and a record of the archive (31301).
  Outcome take_contact(Turn& turn);
  // A task out of the message; tells the front desk and the resident its number.
  std::string take(Turn& turn, std::string_view phrase, const std::string& estate,
                   const std::string& unit);
  http::Response list_forms(ApiCall& call) const;
  http::Response list(ApiCall& call) const;
  http::Response post(ApiCall& call) const;
  // The register that a path names; null when there is none.
  const FormSpec* form_of(const ApiCall& call) const;

  const FormBook& forms_;
  const Directory& directory_;
  const TaskMaker make_task_;
};

}  // namespace huiyin::registers
