#include "dialogs/estate/import.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "bot/gateway/api.h"
#include "dialogs/estate/address.h"
#include "dialogs/estate/records.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin::estate {
namespace {

constexpr std::size_t name_code_points_max = 100;
constexpr std::size_t part_bytes_max = 20;  // of a building, an entrance, a room
constexpr std::size_t address_bytes_max = 128;

const std::vector<std::string> unit_header{"estate",  "building", "entrance", "room",
                                           "area_m2", "owner",    "phone"};
const std::vector<std::string> staff_header{"estate", "name",    "role",
                                            "phone",  "channel", "address"};
const std::set<std::string, std::less<>> sms_channels{"twilio", "kannel", "aliyun"};
const std::set<std::string, std::less<>> channels{"rest",   "twilio", "kannel",
                                                  "aliyun", "wechat", "telegram"};

// "89.5" → 89500; at most three decimals, above zero.
std::optional<std::int64_t> milli(std::string_view text) {
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  std::string decimals(dot == std::string_view::npos ? "" : text.substr(dot + 1));
  if (whole.empty() || whole.size() > 6 || decimals.size() > 3) return std::nullopt;
  if (dot != std::string_view::npos && decimals.empty()) return std::nullopt;
  decimals.resize(3, '0');
  const std::string digits = std::string(whole) + decimals;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value <= 0 ||
      digits.front() == '-') {
    return std::nullopt;
  }
  return value;
}

bool is_part(std::string_view text) {
  return text.size() <= part_bytes_max && text.find_first_of("-/ \t\r\n") == std::string_view::npos;
}

// Checks the cells of one row and says of each what is wrong.
class RowCheck {
 public:
  RowCheck(const CsvRow& row, const std::vector<std::string>& header, ImportFaults& faults)
      : row_(row), header_(header), faults_(faults), before_(faults.size()) {}

  std::string cell(std::size_t i) const { return std::string(trim(row_.cells[i])); }
  std::string name(std::size_t i) {
    std::string text = cell(i);
    if (!is_name(text)) fault(i, "must not be empty, at most 100 characters on one line");
    return text;
  }
  std::string part(std::size_t i, std::string text, bool may_be_empty) {
    if (text.empty() && !may_be_empty) fault(i, "must not be empty");
    if (!is_part(text)) fault(i, "at most 20 bytes without hyphen, slash or space");
    return text;
  }
  void fault(std::size_t i, std::string reason) {
    faults_.push_back({row_.line, header_[i], std::move(reason)});
  }
  void fault(std::string_view column, std::string reason) {
    faults_.push_back({row_.line, std::string(column), std::move(reason)});
  }
  bool sound() const { return faults_.size() == before_; }

 private:
  const CsvRow& row_;
  const std::vector<std::string>& header_;
  ImportFaults& faults_;
  const std::size_t before_;
};

UnitRow unit_row(const CsvRow& row, RowCheck& check) {
  UnitRow out{};
  out.estate = check.name(0);
  out.unit.building = check.part(1, building_part(row.cells[1]), false);
  out.unit.entrance = check.part(2, building_part(row.cells[2]), true);
  out.unit.room = check.part(3, room_part(row.cells[3]), false);
  if (const auto area = milli(check.cell(4))) {
    out.area_milli = *area;
  } else {
    check.fault(4, "must be a number above 0 with at most three decimals");
  }
  const std::string phone = check.cell(6);
  if (check.cell(5).empty() && phone.empty()) return out;  // nobody lives there
  out.owner = check.name(5);
  if (auto e164 = parse_phone(phone)) {
    out.phone = std::move(*e164);
  } else {
    check.fault(6, "must be a valid phone number");
  }
  return out;
}

void check_address(StaffRecord& staff, std::vector<StaffFault>& faults) {
  if (staff.channel.empty() && !staff.address.empty()) {
    faults.push_back({"channel", "is needed with an address"});
  } else if (!staff.channel.empty() && !channels.contains(staff.channel)) {
    faults.push_back({"channel", "must be rest, twilio, kannel, aliyun, wechat or telegram"});
  } else if (sms_channels.contains(staff.channel)) {
    auto phone = parse_phone(staff.address.empty() ? staff.phone : staff.address);
    if (phone)
      staff.address = std::move(*phone);
    else if (!staff.address.empty())
      faults.push_back({"address", "must be a valid phone number"});
  } else if (!staff.channel.empty() && staff.address.empty()) {
    faults.push_back({"address", "is needed with this channel"});
  }
  if (staff.address.size() > address_bytes_max ||
      safe_for_display(staff.address) != staff.address ||
      staff.address.find('\n') != std::string::npos) {
    faults.push_back({"address", "at most 128 bytes without control characters"});
  }
}

void make_estate(store::Connection& db, std::set<std::string, std::less<>>& made,
                 const std::string& estate, const ProfileFor& profile_for, Instant now) {
  if (!estate.empty() && made.insert(estate).second) {
    add_estate(db, estate, profile_for(estate), now);
  }
}

// Faults of the file's form come first while reading; people work from top to bottom.
void sort_by_line(ImportFaults& faults) {
  std::stable_sort(faults.begin(), faults.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
}

bool same_post(const StaffRecord& a, const StaffRecord& b) {
  return a.estate == b.estate && a.role == b.role;
}

}  // namespace

bool is_name(std::string_view text) {
  return !trim(text).empty() && code_points(text) <= name_code_points_max &&
         safe_for_display(text) == text && text.find_first_of("\t\n") == std::string_view::npos;
}

UnitRows read_units(std::string_view csv) {
  CsvTable table = read_csv(csv, unit_header);
  UnitRows out{{}, std::move(table.faults)};
  std::map<std::pair<std::string, std::string>, int> lines;  // where a unit stood first
  for (const auto& row : table.rows) {
    RowCheck check(row, unit_header, out.faults);
    UnitRow unit = unit_row(row, check);
    if (check.sound()) {
      const auto [it, is_new] = lines.try_emplace({unit.estate, unit.unit.canonical()}, row.line);
      if (!is_new) check.fault(3, "the same unit stands in line " + std::to_string(it->second));
    }
    if (check.sound()) out.rows.push_back(std::move(unit));
  }
  sort_by_line(out.faults);
  return out;
}

std::vector<StaffFault> check_staff(StaffRecord& staff) {
  std::vector<StaffFault> faults;
  if (!is_name(staff.name)) {
    faults.push_back({"name", "must not be empty, at most 100 characters on one line"});
  }
  if (!all_roles.contains(staff.role)) faults.push_back({"role", "is none of the roles"});
  if (auto e164 = parse_phone(staff.phone)) {
    staff.phone = std::move(*e164);
  } else {
    faults.push_back({"phone", "must be a valid phone number"});
  }
  check_address(staff, faults);
  return faults;
}

StaffRows read_staff(std::string_view csv) {
  CsvTable table = read_csv(csv, staff_header);
  StaffRows out{{}, std::move(table.faults)};
  for (const auto& row : table.rows) {
    RowCheck check(row, staff_header, out.faults);
    StaffRecord staff{0,
                      check.cell(1),
                      check.cell(2),
                      check.name(0),
                      check.cell(3),
                      check.cell(4),
                      check.cell(5)};
    for (const auto& fault : check_staff(staff)) check.fault(fault.field, fault.reason);
    if (check.sound()) out.rows.push_back(std::move(staff));
  }
  sort_by_line(out.faults);
  return out;
}

Taken take_units(store::Connection& db, const std::vector<UnitRow>& rows,
                 const ProfileFor& profile_for, Instant now) {
  Taken taken;
  std::set<std::string, std::less<>> made;
  for (const auto& row : rows) {
    make_estate(db, made, row.estate, profile_for, now);
    const bool known =
        db.value<std::int64_t>("SELECT id FROM units WHERE estate = :e AND address = :a",
                               row.estate, row.unit.canonical())
            .has_value();
    ++(known ? taken.updated : taken.created);
    put_owner(db, put_unit(db, row.estate, row.unit, row.area_milli), row.owner, row.phone, now);
  }
  return taken;
}

Taken take_staff(store::Connection& db, const std::vector<StaffRecord>& rows,
                 const ProfileFor& profile_for, Instant now) {
  Taken taken;
  std::set<std::string, std::less<>> made;
  std::set<std::string> phones;
  for (const auto& row : rows) phones.insert(row.phone);
  std::vector<StaffRecord> known = all_staff(db);
  for (StaffRecord row : rows) {
    make_estate(db, made, row.estate, profile_for, now);
    auto it = std::find_if(known.begin(), known.end(), [&](const StaffRecord& other) {
      return same_post(row, other) && other.phone == row.phone;
    });
    if (it == known.end()) {
      it = std::find_if(known.begin(), known.end(), [&](const StaffRecord& other) {
        return same_post(row, other) && other.name == row.name && !phones.contains(other.phone);
      });
    }
    if (it == known.end()) {
      row.id = add_staff(db, row, now);
      known.push_back(row);
      ++taken.created;
    } else {
      row.id = it->id;
      update_staff(db, row);
      *it = row;
      ++taken.updated;
    }
  }
  return taken;
}

}  // namespace huiyin::estate
