#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bot/gateway/config_check.h"
#include "dialogs/estate/estate_directory.h"
#include "store/base/phone.h"

namespace huiyin::estate {
namespace {

namespace fs = std::filesystem;

// Reads one file; every fault is noted and reading goes on. Members that other subjects read
// (limits, copies) are checked by the schema, where there is one.
class ProfileReader {
 public:
  ProfileReader(std::string file, ConfigFaults& faults) : file_(std::move(file)), faults_(faults) {}

  EstateProfile read(Json json) {
    EstateProfile profile;
    profile.id = text_of(json, "id");
    if (profile.id.empty()) fault("/id", "a profile has an id", "add \"id\"");
    if (const auto zone = Zone::find(text_of(json, "zone", "Asia/Shanghai"))) {
      profile.zone = *zone;
    } else {
      fault("/zone", "an IANA time zone", "for example \"Asia/Shanghai\"");
    }
    profile.front_desk_phone = text_of(json, "front_desk_phone");
    if (!profile.front_desk_phone.empty())
      check_phone("/front_desk_phone", profile.front_desk_phone);
    const auto duty = json.find("duty_phones");
    if (duty == json.end() || !duty->is_array() || duty->empty()) {
      fault("/duty_phones", "an emergency needs at least one duty phone", "add \"duty_phones\"");
    } else {
      for (std::size_t i = 0; i < duty->size(); ++i) {
        const std::string phone = (*duty)[i].is_string() ? (*duty)[i].get<std::string>() : "";
        check_phone("/duty_phones/" + std::to_string(i), phone);
        profile.duty_phones.push_back(phone);
      }
    }
    profile.values = std::move(json);
    return profile;
  }
  void fault(std::string pointer, std::string rule, std::string remedy) {
    faults_.push_back({file_, std::move(pointer), std::move(rule), std::move(remedy)});
  }

 private:
  void check_phone(const std::string& pointer, const std::string& phone) {
    if (!is_e164(phone)) fault(pointer, "a phone number in E.164", "write it as +86...");
  }

  const std::string file_;
  ConfigFaults& faults_;
};

}  // namespace

tl::expected<Profiles, ConfigFaults> load_profiles(const std::string& estates_dir) {
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(estates_dir, missing)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Profiles profiles;
  ConfigFaults faults;
  for (const auto& path : files) {
    ProfileReader reader("estates/" + path.filename().string(), faults);
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    Json json = Json::parse(text.str(), nullptr, false);
    if (!json.is_object()) {
      reader.fault("", "a profile is a JSON object", "check quotes, commas and brackets");
      continue;
    }
    EstateProfile profile = reader.read(std::move(json));
    const std::string id = profile.id;
    if (!profiles.emplace(id, std::move(profile)).second) {
      reader.fault("/id", "profile ids are unique: " + id, "rename one of them");
    }
  }
  if (!profiles.contains(residential_profile)) {
    faults.push_back({"estates/", "", "the residential profile liyuan is needed by every import",
                      "put estates/liyuan.json back"});
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  // A limit under a name that nothing reads would not be obeyed: no profile is used that the schema
  // does not know.
  const fs::path config = fs::path(estates_dir).parent_path();
  if (fs::exists(config / "schema/estate.schema.json")) {
    if (auto unknown = check_estates(config.string()); !unknown.empty()) {
      return tl::unexpected(std::move(unknown));
    }
  }
  return profiles;
}

}  // namespace huiyin::estate
