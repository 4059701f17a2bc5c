#include "tests/e2e/resident_load.h"

#include <random>
#include <regex>

#include "tests/support/process.h"

namespace huiyin::test {
namespace {

constexpr int clients_count = 6;
constexpr int units_count = 8'100;

struct Unit {
  int building, entrance, floor, room;
};
Unit unit_of(int index) {
  return {index / 270 + 1, index / 90 % 3 + 1, index / 3 % 30 + 1, index % 3 + 1};
}
std::string room_of(const Unit& unit) {
  return std::to_string(unit.floor) + "0" + std::to_string(unit.room);
}
std::string phone_of(int index) {
  return std::to_string(13'800'000'000LL + index);
}

}  // namespace

std::string ResidentLoad::units_csv() {
  std::string out = "estate,building,entrance,room,area_m2,owner,phone\n";
  for (int i = 0; i < units_count; ++i) {
    const Unit unit = unit_of(i);
    out += "liyuan," + std::to_string(unit.building) + "," + std::to_string(unit.entrance) + "," +
           room_of(unit) + ",90.0,王芳," + phone_of(i) + "\n";
  }
  return out;
}

ResidentLoad::~ResidentLoad() {
  abandoned_ = true;
  stop();
}

void ResidentLoad::start() {
  for (int i = 0; i < clients_count; ++i) threads_.emplace_back([this, i] { run(i); });
}

void ResidentLoad::stop() {
  stopping_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

bool ResidentLoad::wait_for_more(std::uint64_t answers) const {
  const auto until = answered_ + answers;
  return wait_until([&] { return answered_ >= until; }, load_limit);
}

RepairDialogue ResidentLoad::make() {
  const int index = next_unit_++;
  if (index >= units_count) throw std::runtime_error("more dialogues than households");
  const Unit unit = unit_of(index);
  const std::string mark = std::to_string(index);
  RepairDialogue dialogue;
  dialogue.sender = "client-" + mark;
  dialogue.repair.id = "a" + mark;
  dialogue.repair.text = "我是" + std::to_string(unit.building) + "栋" +
                         std::to_string(unit.entrance) + "单元" + room_of(unit) +
                         "的王芳，厨房水龙头漏水，牌子是K" + mark + "x，明天上午十点来修，电话" +
                         phone_of(index);
  dialogue.confirm.id = "b" + mark;
  dialogue.confirm.text = confirmation;
  return dialogue;
}

void ResidentLoad::tell(HttpConnection& connection, const std::string& sender, Said& said) {
  const std::string body = body_of(sender, said);
  HttpAnswer answer;
  bool refused = false;
  const bool answered = wait_until(
      [&] {
        answer = connection.call("POST", path, {{"Content-Type", "application/json"}}, body);
        refused = answer.status / 100 == 4;
        return answer.status / 100 == 2 || refused || abandoned_;
      },
      load_limit);
  if (!answered) return complain("never answered: " + said.id);
  if (refused) return complain(std::to_string(answer.status) + " refused: " + answer.body);
  if (answer.status / 100 != 2) return;
  ++answered_;
  if (said.answer.empty())
    said.answer = answer.body;
  else if (said.answer != answer.body)
    complain("two answers to " + said.id + ":\n" + said.answer + "\n" + answer.body);
}

void ResidentLoad::end(HttpConnection& connection, RepairDialogue dialogue, bool repeat) {
  tell(connection, dialogue.sender, dialogue.repair);
  tell(connection, dialogue.sender, dialogue.confirm);
  if (repeat) {
    tell(connection, dialogue.sender, dialogue.repair);
    tell(connection, dialogue.sender, dialogue.confirm);
  }
  static const std::regex number("WX[0-9]{8}-[0-9]+");
  std::smatch found;
  if (std::regex_search(dialogue.confirm.answer, found, number)) {
    dialogue.number = found.str();
  } else {
    complain("no number told: " + dialogue.repair.answer + "\n" + dialogue.confirm.answer);
  }
  const std::lock_guard lock(mutex_);
  dialogues_.push_back(std::move(dialogue));
}

std::string ResidentLoad::body_of(const std::string& sender, const Said& said) {
  return dump_json({{"sender", sender}, {"message", said.text}, {"message_id", said.id}});
}

void ResidentLoad::run(int client) {
  std::mt19937_64 random(seed_ + static_cast<std::uint64_t>(client) + 1);
  HttpConnection connection(port_);
  while (!stopping_ && next_unit_ < units_count - 2 * clients_count) {
    end(connection, make(), random() % 4 == 0);
    // Residents take their time: no long queue of notices, so that few are in flight at a kill.
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 40));
  }
}

void ResidentLoad::complain(std::string what) {
  const std::lock_guard lock(mutex_);
  complaints_.push_back(std::move(what));
}

}  // namespace huiyin::test
