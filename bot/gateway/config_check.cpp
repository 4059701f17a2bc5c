#include "bot/gateway/config_check.h"

#include <algorithm>
#include <filesystem>

#include "bot/gateway/config_file.h"
#include "store/base/phone.h"
#include "store/base/time.h"

namespace huiyin {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> json_files(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder, missing)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void append(ConfigFaults& to, ConfigFaults more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

// Every file of `config_dir`/`part` by its schema; `further` looks at those that passed.
ConfigFaults check_folder(
    const std::string& config_dir, const std::string& part, const std::string& schema_name,
    const std::function<ConfigFaults(const std::string& shown, const Json& value)>& further) {
  ConfigFaults faults;
  const auto schema = read_config_file(config_dir + "/" + schema_name, schema_name);
  if (!schema) return {schema.error()};
  const auto files = json_files(config_dir + "/" + part);
  if (files.empty()) {
    faults.push_back({part, "", "at least one file is read from this folder",
                      "put back the files that came with the product"});
  }
  for (const auto& path : files) {
    const std::string shown = part + "/" + path.filename().string();
    const auto value = read_config_file(path.string(), shown);
    if (!value) {
      faults.push_back(value.error());
      continue;
    }
    auto found = check_schema(*value, shown, *schema, schema_name);
    if (found.empty() && further) found = further(shown, *value);
    append(faults, std::move(found));
  }
  return faults;
}

bool is_date(const std::string& text) {
  return parse_rfc3339(text + "T00:00:00Z").has_value();
}

// What the schema cannot say of an estate.
class EstateCheck {
 public:
  EstateCheck(const std::string& config_dir, const std::string& shown, const Json& estate)
      : config_dir_(config_dir), shown_(shown), estate_(estate) {}

  ConfigFaults run() {
    const std::string id = text_of(estate_, "id");
    if (shown_ != "estates/" + id + ".json") {
      fault("/id", "the file of an estate is named after its id",
            "rename the file to " + id + ".json");
    }
    if (!Zone::find(text_of(estate_, "zone"))) {
      fault("/zone", "an IANA time zone", "write it as \"Asia/Shanghai\"");
    }
    const Json& duty = estate_["duty_phones"];
    for (std::size_t i = 0; i < duty.size(); ++i) {
      phone(duty[i].get<std::string>(), "/duty_phones/" + std::to_string(i));
    }
    phone(text_of(estate_, "front_desk_phone"), "/front_desk_phone");
    for (const auto& [day, spans] : estate_["service_hours"].items()) hours(day, spans);
    for (const char* list : {"holidays", "workdays"}) dates(list);
    const std::string prices = text_of(estate_, "price_list", "price_list.json");
    if (!fs::exists(config_dir_ + "/catalogue/" + prices)) {
      fault("/price_list", "a file of config/catalogue", "put it there, or name one that is there");
    }
    const Json& sheet = estate_["repair_sheet"];
    if (sheet["holders"].size() != sheet["copies"].get<std::size_t>()) {
      fault("/repair_sheet/holders", "one holder for each copy", "name as many holders as copies");
    }
    return std::move(faults_);
  }

 private:
  void phone(const std::string& number, const std::string& pointer) {
    if (is_e164(number)) return;
    fault(pointer, "a phone number that exists in its country's plan, in E.164",
          "write it as \"+8613800138000\"");
  }

  // The last span of a day may end on the next one.
  void hours(const std::string& day, const Json& spans) {
    std::string last = "00:00";
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const std::string span = spans[i], from = span.substr(0, 5), to = span.substr(6);
      const bool over_night = to < from && i + 1 == spans.size();
      if (from < last || to == from || (to < from && !over_night)) {
        fault("/service_hours/" + day + "/" + std::to_string(i),
              "spans of a day follow each other, and only the last may end on the next day",
              "put them in order");
      }
      last = to;
    }
  }

  void dates(const std::string& list) {
    const auto days = estate_.find(list);
    if (days == estate_.end()) return;
    for (std::size_t i = 0; i < days->size(); ++i) {
      if (is_date((*days)[i].get<std::string>())) continue;
      fault("/" + list + "/" + std::to_string(i), "a date of the calendar, \"YYYY-MM-DD\"",
            "correct the date");
    }
  }

  void fault(std::string pointer, std::string rule, std::string remedy) {
    faults_.push_back({shown_, std::move(pointer), std::move(rule), std::move(remedy)});
  }

  const std::string& config_dir_;
  const std::string& shown_;
  const Json& estate_;
  ConfigFaults faults_;
};

}  // namespace

ConfigFaults check_configuration(const SettingsSource& source,
                                 const std::vector<ConfigCheck>& checks) {
  ConfigFaults faults;
  if (auto settings = Settings::load(source); !settings) faults = std::move(settings.error());
  for (const auto& check : checks) append(faults, check(source.config_dir));
  return faults;
}

ConfigFaults check_estates(const std::string& config_dir) {
  return check_folder(config_dir, "estates", "schema/estate.schema.json",
                      [&](const std::string& shown, const Json& estate) {
                        return EstateCheck(config_dir, shown, estate).run();
                      });
}

ConfigFaults check_catalogue(const std::string& config_dir) {
  const std::string schema_name = "schema/catalogue.schema.json";
  const auto schema = read_config_file(config_dir + "/" + schema_name, schema_name);
  if (!schema) return {schema.error()};
  ConfigFaults faults;
  for (const auto& path : json_files(config_dir + "/catalogue")) {
    const std::string shown = "catalogue/" + path.filename().string();
    const auto value = read_config_file(path.string(), shown);
    const std::string stem = path.stem().string();
    // An estate may have a price list of its own beside the common one.
    const std::string is = stem.starts_with("price_list_") ? "price_list" : stem;
    if (!value) {
      faults.push_back(value.error());
    } else if (const Json* part = schema_at(*schema, child_pointer("", is))) {
      append(faults, check_schema(*value, shown, *part, schema_name));
    } else {
      faults.push_back({shown, "", "only the files that " + schema_name + " names are read here",
                        "rename or remove it"});
    }
  }
  return faults;
}

std::string to_line(const ConfigFault& fault) {
  std::string line = fault.file;
  if (!fault.pointer.empty()) line += " " + fault.pointer;
  return line + ": " + fault.rule + "; " + fault.remedy;
}

}  // namespace huiyin
