// People, sums, ratings, registers and times among words that only look like them.
#include <algorithm>

#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

TEST(People, are_named_as_said) {
  expect_entities("person", {{"物业小周真是个好姑娘", "小周"},
                             {"保安小李人很好，帮我提东西", "小李"},
                             {"客服小陈态度特别好", "小陈"},
                             {"谢谢李师傅", "李师傅"},
                             {"找王经理接电话", "王经理"},
                             {"联系人改成吴小姐", "吴小姐"},
                             {"我叫赵大勇", "赵大勇"},
                             {"姓名何志强", "何志强"},
                             {"2栋1单元903，赵工，18620553971", "赵工"},
                             {"叫我何生得喇", "何生"},
                             {"我係林太", "林太"},
                             {"本人周建国", "周建国"},
                             {"业主孙丽，3-2-501", "孙丽"},
                             {"联系人：欧阳明月", "欧阳明月"},
                             {"我姓牛", "牛"},
                             {"让老张过来看看", "老张"},
                             {"刘主任电话多少", "刘主任"},
                             {"冯阿姨 0571-85231197", "冯阿姨"},
                             {"户主电话改成13570664182，孙丽", "孙丽"},
                             {"change the contact to me, Daniel Roth", "Daniel Roth"},
                             {"It's Grace Lin, 13826649015", "Grace Lin"},
                             {"Mr. Gao at the desk was so patient", "Mr. Gao"},
                             {"my name is Anna Petrova", "Anna Petrova"},
                             {"this is Tom Baker from block 3", "Tom Baker"},
                             {"call me Kevin", "Kevin"},
                             {"please ask for Ms. Wong", "Ms. Wong"}});
}

TEST(People, are_read_whole_in_foreign_names_and_right_before_a_telephone) {
  expect_entities("person", {{"3-2-501约翰·史密斯13800138000", "约翰·史密斯"},
                             {"我叫玛丽·居里", "玛丽·居里"},
                             {"联系人安娜·玛丽亚·席尔瓦，在A座1502", "安娜·玛丽亚·席尔瓦"},
                             {"张三13800138000", "张三"},
                             {"3-2-501 李四 13800138000", "李四"},
                             {"张三丰13800138000", "张三丰"},
                             {"把联系人改成周小九", "周小九"},
                             {"我叫王一鸣", "王一鸣"},
                             {"Wang Fang here, my toilet is blocked", "Wang Fang"},
                             {"Hi, Tom Baker speaking. The lift is stuck", "Tom Baker"},
                             {"还是王芳", "王芳"},
                             {"还是写王芳吧", "王芳"}});
}

TEST(People, are_not_read_out_of_what_stands_around_a_cue) {
  expect_entities("person", {{"还是漏水", "-"},
                             {"还是时好时坏", "-"},
                             {"还是高压电线的问题", "-"},
                             {"Nothing here works", "-"},
                             {"The Kitchen Tap here is leaking", "-"},
                             {"厨房·卫生间都漏水", "-"}});
}

TEST(People, are_not_among_roles_and_rooms) {
  expect_entities("person", {{"卫生间漏水了", "-"},
                             {"快点行不行，卫生间都没法用了", "-"},
                             {"the AC in the master bedroom is broken", "-"},
                             {"修空调那位师傅手艺没得说", "-"},
                             {"保全大哥把钱包送上门，感动", "-"},
                             {"保安队长态度太差", "-"},
                             {"门卫大叔人很热心", "-"},
                             {"叫个水工来看看", "-"},
                             {"工程主管电话多少", "-"},
                             {"工程师傅什么时候到", "-"},
                             {"小区大门坏了", "-"},
                             {"物业小程序打不开", "-"},
                             {"楼管阿姨帮我收了快递", "-"},
                             {"转给项目经理处理", "-"},
                             {"come to me, thanks", "-"},
                             {"I'm so tired of waiting", "-"},
                             {"master bathroom toilet is blocked", "-"}});
}

TEST(Amounts, are_sums_of_money) {
  expect_entities("amount", {{"电费咋还有一百八", "18000"},
                             {"一次三千块真拿不出", "300000"},
                             {"多收了我三百", "30000"},
                             {"物业费扣了120，不对吧", "12000"},
                             {"停车费两百五一个月", "-"},
                             {"上个月水费交了两千三", "230000"},
                             {"昨天转了一万二，查收", "1200000"},
                             {"说好八十块咋扣了120块", "8000|12000"},
                             {"交了五百块钱", "50000"},
                             {"比我少五十块", "5000"},
                             {"付了1860.5元", "186050"},
                             {"押金三千元", "300000"},
                             {"多收二百蚊", "20000"},
                             {"退我两块钱", "200"},
                             {"滞纳金45块", "4500"},
                             {"维修费收了六百", "60000"},
                             {"I paid 1,200 RMB", "120000"},
                             {"¥99.9", "9990"},
                             {"欠费三百二，已经补交", "32000"},
                             {"停车费每小时五块", "500"}});
}

TEST(Amounts, are_not_pieces_and_counts) {
  expect_entities("amount", {{"地砖翘起来一块", "-"},
                             {"墙皮掉了一块", "-"},
                             {"天花板湿了一块，好大", "-"},
                             {"玻璃碎了两块", "-"},
                             {"换三块玻璃", "-"},
                             {"瓷砖裂了三块 你们看看", "-"},
                             {"两个人用了32吨水，水费不对", "-"},
                             {"电费表读数2300度", "-"},
                             {"交了三百多次了还没人理", "-"},
                             {"等了一百八十分钟", "-"},
                             {"我们一块去交费", "-"},
                             {"两百户人家停水", "-"},
                             {"ref ending 7731", "-"},
                             {"单子写的20261123", "-"},
                             {"水费是2011年开始欠的", "-"},
                             {"门口停了三千辆车", "-"},
                             {"一起交给我3栋2单元501", "-"},
                             {"换了两块电表", "-"},
                             {"这块地归谁管", "-"},
                             {"一百八十平的房子", "-"}});
}

TEST(Ratings, are_stars_and_points) {
  expect_entities("rating", {{"服务评价：5分，师傅换鞋套了", "5"},
                             {"评分:4分", "4"},
                             {"打分：3分", "3"},
                             {"我打5分", "5"},
                             {"给三分吧", "3"},
                             {"五星好评", "5"},
                             {"打一星都嫌多", "1"},
                             {"满分！", "5"},
                             {"⭐⭐⭐⭐", "4"},
                             {"two stars", "2"},
                             {"I'd give it 5 stars", "5"},
                             {"3 out of 5", "3"},
                             {"畀四星啦", "4"},
                             {"評分5星", "5"},
                             {"满意度：2分", "2"},
                             {"维修评价 1分", "1"},
                             {"总分：4分吧", "4"},
                             {"10:05分到的", "-"},
                             {"早上8:5分", "-"},
                             {"迟到了5分钟", "-"},
                             {"三分之一的灯不亮", "-"},
                             {"10分", "-"},
                             {"五星电器的空调", "-"},
                             {"十点三分", "-"}});
}

TEST(Forms, are_named_by_the_most_specific_word) {
  expect_entities("form", {{"座机跟着走，做个移机登记", "qms-pm-31314"},
                           {"办公室搬了，座机要移机", "qms-pm-31314"},
                           {"固话想办个电话过户", "qms-pm-31310"},
                           {"我想装一部座机", "qms-pm-31307"},
                           {"申请座机", "qms-pm-31307"},
                           {"想办个停车证，车位已经有了", "qms-pm-31306"},
                           {"车位想办租售登记，车位租售那张表", "qms-pm-31305"},
                           {"我想申请车位", "qms-pm-31315"},
                           {"想给电动车上牌，帮我登记", "qms-pm-31303"},
                           {"要填辞退员工名单", "qms-pm-31316"},
                           {"给我一张代保管钥匙的表", "qms-pm-31317"},
                           {"水电表底数那张单子补一张", "qms-pm-31318"},
                           {"新同事办用户身份卡", "qms-pm-31313"},
                           {"填紧急联络表", "qms-pm-31302"},
                           {"境外雇员登记怎么填，给我表", "qms-pm-31311"},
                           {"我要办理客户档案登记", "qms-pm-31301"},
                           {"we'd like to file a telephone change", "qms-pm-31308"},
                           {"I need a parking permit for my parking space", "qms-pm-31306"},
                           {"please register me for key custody", "qms-pm-31317"},
                           {"I'd like to apply for a new landline", "qms-pm-31307"},
                           {"想辦停車證", "qms-pm-31306"},
                           {"申請電話過戶登記表", "qms-pm-31310"}});
}

TEST(Times, are_not_habits_greetings_and_money) {
  expect_entities("time", {{"楼上半夜拖椅子", "-"},
                           {"大清早就开始装修", "-"},
                           {"一大早割草机吵醒全家", "-"},
                           {"隔壁深夜打麻将", "-"},
                           {"装修到大半夜", "-"},
                           {"夜里老有人按门铃", "-"},
                           {"楼上三更半夜跳绳", "-"},
                           {"通马桶半夜来加钱不", "-"},
                           {"早晨", "-"},
                           {"早晨呀", "-"},
                           {"早上好", "-"},
                           {"晚上好，请问物业在吗", "-"},
                           {"下午好师傅", "-"},
                           {"Translate 'good morning' to French", "-"},
                           {"Good evening, is anyone there?", "-"},
                           {"公司账上周转不开", "-"},
                           {"手上周转不灵", "-"}});
}

TEST(Times, stay_where_a_day_or_hour_is_said) {
  const std::pair<const char*, const char*> rows[] = {
      {"明天半夜来电", "11-24T00:00 11-24T05:00 daypart"},
      {"今天一早水就停了", "11-23T06:00 11-23T09:00 daypart"},
      {"昨天深夜有人砸门", "11-22T00:00 11-22T05:00 daypart"},
      {"半夜两点有人敲门", "11-24T02:00 - minute"},
      {"周三大清早来", "11-25T06:00 11-25T09:00 daypart"},
      {"明天早晨来", "11-24T06:00 11-24T09:00 daypart"},
      {"早晨七点来", "11-24T07:00 - minute"},
      {"早上", "11-24T06:00 11-24T09:00 daypart"},
      {"早上来吧", "11-24T06:00 11-24T09:00 daypart"},
      {"上周转过账了", "11-16T00:00 11-23T00:00 week"},
      {"tomorrow morning", "11-24T08:00 11-24T12:00 daypart"},
      {"from tomorrow to Nov 30 nobody is home", "11-24T00:00 12-01T00:00 day"},
      {"明天到周五都在家", "11-24T00:00 11-28T00:00 day"}};
  for (const auto& [said, time] : rows) EXPECT_EQ(time_of(said), time) << said;
}

TEST(Times, of_a_change_are_two) {
  for (const char* said :
       {"Need to move my appointment from tomorrow to Nov 30",
        "please reschedule from Tuesday to Friday", "change it from tomorrow to next Monday",
        "把预约从明天改到周五", "想把周三挪到周五"}) {
    const Understanding read = parse(said);
    EXPECT_EQ(std::ranges::count_if(read.entities,
                                    [](const Entity& entity) { return entity.kind == "time"; }),
              2)
        << said;
  }
}

}  // namespace
}  // namespace huiyin::test
