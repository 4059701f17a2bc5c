// Ten minutes before the end of work (R8.15; "dispatch": {"daily_check_minutes": 10} of the
// estate's profile) the dispatcher, or the front desk where there is none, hears which of the day's
// orders are not finished and which are late, and the shift log opens an entry for the reasons. The
// end of work is that of the day's last service hours: none on holidays and closed weekdays,
// Monday's on a weekend that is worked. An estate without service hours never ends its work and has
// no check. Lane's thread.
//
// The chain begins with the first order that an estate records, and each check sets the next one; a
// check that was due while the product did not run is made up for when it runs again.
#pragma once
#include "bot/talk/post.h"
#include "dialogs/dispatch/shift_log.h"

namespace huiyin::dispatch {

inline constexpr std::string_view daily_check_timer = "dispatch.daily_check";  // key: the estate

// The next check after `now`; none within a year.
struct CheckTime {
  Instant at;
  Instant day;  // noon of the working day that it belongs to
};
std::optional<CheckTime> next_check(const EstateProfile& profile, Instant now);

class DailyCheck {
 public:
  DailyCheck(const Directory& directory, const Speech& speech, Post& post)
      : directory_(directory), speech_(speech), post_(post) {}

  // Sets the timer unless it stands.
  void plan(Transaction& tx, const std::string& estate);
  // The timer fired. A day that has become free since, or whose hours were moved, is looked at
  // again.
  void on_timer(Transaction& tx, const std::string& estate, const Json& payload);

 private:
  void set(Transaction& tx, const std::string& estate, const std::optional<CheckTime>& next);
  void check(Transaction& tx, const std::string& estate);
  void tell(Transaction& tx, const std::string& estate, const std::vector<Unfinished>& unfinished,
            const std::vector<std::string>& late, const std::vector<std::string>& missing);

  const Directory& directory_;
  const Speech& speech_;
  Post& post_;
};

}  // namespace huiyin::dispatch
