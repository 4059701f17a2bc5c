#include "dialogs/subjects.h"

#include "bot/gateway/derived_settings.h"
#include "dialogs/complaint/complaint.h"
#include "dialogs/contacts/contacts.h"
#include "dialogs/desk/at_work.h"
#include "dialogs/desk/desk.h"
#include "dialogs/dispatch/dispatch.h"
#include "dialogs/dispatch/resource.h"
#include "dialogs/dispatch/schema.h"
#include "dialogs/dispatch/verify.h"
#include "dialogs/emergency/emergency.h"
#include "dialogs/estate/estate_directory.h"
#include "dialogs/estate/import.h"
#include "dialogs/estate/resource.h"
#include "dialogs/estate/schema.h"
#include "dialogs/handover/handover.h"
#include "dialogs/identity/identity.h"
#include "dialogs/orders/chat_intake.h"
#include "dialogs/orders/orders_dialog.h"
#include "dialogs/orders/resource.h"
#include "dialogs/orders/schema.h"
#include "dialogs/orders/signature_image.h"
#include "dialogs/orders/verify.h"
#include "dialogs/public_fault/public_fault.h"
#include "dialogs/registers/registers.h"
#include "dialogs/repair/repair.h"
#include "dialogs/reports/resource.h"
#include "dialogs/sheets/resource.h"
#include "dialogs/sheets/sheet_fields.h"
#include "dialogs/signing/sign_page.h"
#include "dialogs/signing/signing.h"
#include "dialogs/smalltalk/smalltalk.h"
#include "dialogs/status/consent.h"
#include "dialogs/status/status.h"

namespace huiyin {
namespace {

// Faults of the configuration on their way out of a constructor, to open() and no further.
struct Faulty {
  ConfigFaults faults;
};
template <class T>
T or_faulty(tl::expected<T, ConfigFaults> result) {
  if (!result) throw Faulty{std::move(result.error())};
  return std::move(*result);
}

// Where the staff member of the turn is at work, for an emergency there.
std::optional<AtWork> place_of_work(Turn& turn) {
  const auto order = desk::at_work(turn);
  if (!order) return std::nullopt;
  return AtWork{order->unit.empty() ? order->place : order->unit, order->number};
}

class AllSubjects final : public Subjects {
 public:
  explicit AllSubjects(const SubjectParts& parts);

  std::vector<Dialog*> dialogs() const override {
    std::vector<Dialog*> out;
    for (const auto& dialog : dialogs_) out.push_back(dialog.get());
    return out;
  }
  std::vector<Resource*> resources() const override { return resources_; }
  void add_routes(http::Routes& routes) override { sign_page_->add_routes(routes); }

 private:
  void add(std::unique_ptr<Dialog> dialog) { dialogs_.push_back(std::move(dialog)); }
  // A subject that also has resources, or is told what happens to orders.
  template <class T>
  T& add_served(std::unique_ptr<T> dialog) {
    T& added = *dialog;
    resources_.push_back(&added);
    add(std::move(dialog));
    return added;
  }
  // Resources that stand beside their subject.
  template <class T>
  void serve(std::unique_ptr<T> resource) {
    resources_.push_back(resource.get());
    owned_.push_back(std::move(resource));
  }

  std::optional<orders::Orders> orders_;
  std::optional<signing::Links> links_;
  std::optional<signing::SignPage> sign_page_;
  std::vector<std::unique_ptr<Dialog>> dialogs_;
  std::vector<std::unique_ptr<Resource>> owned_;
  std::vector<Resource*> resources_;
};

AllSubjects::AllSubjects(const SubjectParts& parts) {
  const std::string config = parts.settings.config_dir();
  const std::string talk = config + "/talk/";
  const std::string catalogue = config + "/catalogue";

  const auto items = or_faulty(orders::Catalogue::load(catalogue));
  orders_.emplace(parts.directory, parts.speech, parts.post, parts.rules.notify_anchor, items,
                  or_faulty(orders::PriceLists::load(catalogue, items)));
  links_ = signing::Links::open(parts.database.writer(), public_url(parts.settings));
  orders_->link_with([this](const orders::Order& order, std::int64_t version, Instant now) {
    return links_->url(order, version, now);
  });
  const auto task = [this](Turn& turn, const std::string& estate, const std::string& unit,
                           const std::string& description) {
    return orders_->record(turn.tx, orders::task_of(turn, estate, unit, description));
  };

  add(std::make_unique<Emergency>(
      EmergencyParts{or_faulty(load_emergency_kinds(talk + "emergency.json")),
                     or_faulty(load_rooms(catalogue + "/items.json")), parts.words,
                     registers::record_emergency, registers::place_emergency,
                     or_faulty(load_staff_alarms(talk + "emergency.json")), place_of_work}));
  add(std::make_unique<identity::Identity>(identity::IdentityParts{
      parts.random, or_faulty(identity::load_resend_words(talk + "identity.json")), task}));
  auto staff_desk =
      std::make_unique<desk::Desk>(*orders_, or_faulty(desk::DeskWords::load(config)));
  desk::Desk& at_desk = *staff_desk;
  add(std::move(staff_desk));
  auto staff = or_faulty(load_staff_words(talk + "staff.json"));
  add_served(std::make_unique<Handover>(HandoverParts{
      parts.conversations, parts.post, parts.directory, parts.rules, std::move(staff.reply),
      std::move(staff.back), [task](Turn& turn, const std::string& description) {
        return task(turn, turn.session.estate, "", description);
      }}));
  auto dispatch = std::make_unique<dispatch::Dispatch>(
      *orders_, parts.post, or_faulty(dispatch::load_dispatch_words(talk + "dispatch.json")));
  orders_->listen(*dispatch);
  serve(std::make_unique<dispatch::DispatchResource>(*dispatch));
  add(std::move(dispatch));
  add(std::make_unique<desk::Doorway>(at_desk));
  add(std::make_unique<signing::SigningDialog>(
      *orders_, or_faulty(signing::SigningDialog::load(talk + "signing.json"))));
  add(std::make_unique<status::ConsentDialog>(
      *orders_, or_faulty(status::ConsentDialog::load(talk + "consent.json")), parts.words.skip));
  add(std::make_unique<status::StatusDialog>(*orders_, parts.words));
  add(std::make_unique<repair::RepairDialog>(*orders_));
  add(std::make_unique<public_fault::PublicFaultDialog>(*orders_));
  orders_->listen(add_served(std::make_unique<complaint::ComplaintDialog>(
      *orders_, parts.post, or_faulty(complaint::Classes::load(catalogue)))));
  add_served(std::make_unique<registers::Registers>(parts.forms, parts.directory, task));
  add(std::make_unique<contacts::ContactsDialog>());
  add(std::make_unique<orders::OrdersDialog>(*orders_));
  add(std::make_unique<Smalltalk>());

  serve(std::make_unique<estate::EstateResource>(parts.directory));
  serve(std::make_unique<orders::OrdersResource>(*orders_));
  serve(std::make_unique<contacts::ContactsResource>(
      parts.directory, parts.speech.say("contacts.title", Language::zh_hans, {}, {})));
  serve(std::make_unique<sheets::SheetsResource>(
      parts.directory, parts.speech,
      or_faulty(sheets::SheetBook::load(config, sheets::known_fields())), orders::signature_pngs));
  serve(std::make_unique<reports::ReportsResource>(parts.directory, parts.speech));
  sign_page_.emplace(*orders_, *links_, parts.lane,
                     or_faulty(signing::Template::load(config + "/pages/sign.html")));
}

// A loader as a check: only its faults are looked at.
template <class Load>
ConfigCheck loads(Load load) {
  return [load](const std::string& config_dir) {
    const auto loaded = load(config_dir);
    return loaded ? ConfigFaults() : loaded.error();
  };
}

}  // namespace

tl::expected<std::unique_ptr<Subjects>, ConfigFaults> Subjects::open(const SubjectParts& parts) {
  try {
    return std::make_unique<AllSubjects>(parts);
  } catch (Faulty& faulty) {
    return tl::unexpected(std::move(faulty.faults));
  }
}

std::vector<store::Migration> subject_migrations() {
  std::vector<store::Migration> all;
  for (auto part : {estate::migrations(), orders::migrations(), contacts::migrations(),
                    registers::migrations(), identity::migrations(), handover_migrations(),
                    consent_migrations(), dispatch::migrations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::vector<Audit> subject_audits() {
  return {orders::verify_orders, orders::verify_told, dispatch::verify_dispatch};
}

std::vector<ConfigCheck> subject_checks() {
  return {
      orders::check_prices,
      sheets::check_sheets,
      reports::check_headings,
      signing::check_signing,
      status::check_consent,
      loads([](const std::string& dir) {
        return load_emergency_kinds(dir + "/talk/emergency.json");
      }),
      loads([](const std::string& dir) { return load_staff_alarms(dir + "/talk/emergency.json"); }),
      loads(desk::DeskWords::load)};
}

}  // namespace huiyin
