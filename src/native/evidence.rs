//! What a text shows of its domains, and for how long.
//!
//! Evidence is counted in 1/256 of a safe term. What is *near* fades with the text that goes by: a line of 128
//! characters leaves nothing of it. Software is a subject of whole documents, so the domain computing has a second, slow
//! sum beside it: how dense its words have been on this *page*. It fades over some thousand characters, and a newspaper
//! that mentions software now and then does not fill it.
//!
//! Terms are not the only evidence for computing. When a unit has terms that wait, its Latin words are read: names that
//! people write in texts about software (Linux, API), and what only strings of software hold (`%s`, `{name}`, `--help`).
//! And a short line that is little
//! else than waiting terms, or has a safe one, is likely to be a label; one whose other words are those of buttons and menus
//! is one (see [`is_label`]).
//!
//! A term that stands alone, as a line or as an item of a list, waits for nothing, whatever its domain: nothing else there
//! could speak for another sense, and what is asked for is the word (see [`alone`]).
//!
//! Words that newspapers write on any subject (`common` in the tables) tell little, and need firmer evidence themselves.
//!
//! A text may have the target's vocabulary already and nothing but the script of another region: 软体, 计程车, 飞弹 are
//! Taiwan's words in Simplified characters. Such words (`dictionaries/regions/vocabulary.txt`) are counted against the safe
//! terms of the source, both over the page. A text that shows twice as much of the target's words as of the source's is *at
//! home*: there 人工智能 and 文件 are what its author means, and no term is written.

use super::units;
use crate::lexicon;

/// What has been learnt of a text so far, from unit to unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// What the text nearby has shown of each domain.
    near: [u32; 32],
    /// Which domains have evidence nearby.
    live: u32,
    /// What the document has shown of computing.
    page: u32,
    /// What this unit has shown of computing.
    unit: u32,
    /// That this unit is a label of software.
    label: u32,
    /// What this page has of the target's vocabulary.
    target: u32,
    /// What this page has of the source's vocabulary.
    source: u32,
    /// Whether the last unit of this line was kept, being in the target script already.
    pub(super) kept: Option<bool>,
    /// How many bytes have been converted since the evidence was empty.
    bytes: usize,
}

/// The domain that Latin words, labels and whole documents tell of.
const COMPUTING: u32 = 0;
/// The number that stands for a domain in words of the target's vocabulary.
const VOCABULARY: u32 = super::domain::VOCABULARY;
/// The domains of names.
const PEOPLE: u32 = 4;
const PLACES: u32 = 5;

impl Evidence {
    /// What a safe term of a domain is worth.
    const SAFE: u32 = 256;
    /// What a term of the tier `domain` is worth.
    const LIKELY: u32 = 110;
    /// The same in computing, where such terms are words of the trade unless they are common.
    const TRADE: u32 = 150;
    /// What a common word is worth, as a safe term and as one of the tier `domain`.
    const COMMON: [u32; 2] = [64, 40];
    /// From here on a domain counts as shown.
    const ENOUGH: u32 = 400;
    /// From here on it counts as shown for common words.
    const FIRM: u32 = 600;
    /// A line of this many bytes leaves nothing of what was before it.
    const SPAN: usize = 384;
    /// The same for what the document has shown.
    const PAGE_SPAN: usize = 4096;
    /// By how much evidence counts less for the document.
    const PAGE_SHARE: u32 = 12;
    /// The most that the document alone shows: half a page of other subjects has to pass, and it no longer does.
    const PAGE_MOST: u32 = 480;
    /// What it is worth that a line is a label: enough for a word of the trade, and for a common one beside a safe term.
    const LABEL: u32 = 310;
    /// The most that a page has of either vocabulary.
    const WORDS_MOST: u32 = 12 * Self::SAFE;
    /// What may be missing to Hong Kong, which shares most of its vocabulary with the Mainland: fewer words tell of a domain there, and
    /// fewer are wrong.
    pub(super) const EASE: u32 = 180;
    /// A label has at most this many bytes.
    const LABEL_MOST: usize = 40;
    /// What it is worth that a line is a waiting term and nothing else, a button or an entry of a glossary: enough for a
    /// common word.
    const ALONE: u32 = Self::FIRM - Self::COMMON[1];

    /// A term was met: a safe one, or one of the tier `domain`. `domain` is a number of [`super::domain::DOMAINS`], in
    /// bit 5 whether the word is common; `tells` that it is no word of the source alone.
    pub(super) fn add(&mut self, domain: u32, safe: bool, tells: bool) {
        let number = domain & 31;
        let worth = match (domain >> 5 & 1, safe) {
            (0, true) => Self::SAFE,
            (0, false) if matches!(number, COMPUTING | PEOPLE | PLACES) => Self::TRADE,
            (0, false) => Self::LIKELY,
            (_, safe) => Self::COMMON[usize::from(!safe)],
        };
        if number == VOCABULARY {
            self.target = (self.target + worth).min(Self::WORDS_MOST);
            return;
        }
        if safe && !tells {
            self.source = (self.source + worth).min(Self::WORDS_MOST);
        }
        self.count(number, worth);
    }

    /// Whether the text has the target's vocabulary.
    pub(super) fn is_at_home(&self) -> bool {
        self.target >= Self::SAFE && self.target >= self.source * 2
    }

    fn count(&mut self, number: u32, worth: u32) {
        if let Some(sum) = self.near.get_mut(number as usize) {
            *sum = (*sum + worth).min(Self::ENOUGH * 4);
            self.live |= 1 << number;
        }
        if number == COMPUTING {
            self.unit += worth;
            self.page = (self.page + worth / Self::PAGE_SHARE).min(Self::PAGE_MOST);
        }
    }

    /// Reads a unit in which terms wait; `spans` are where, in order, as offset and length, and `is_label` what [`is_label`] says.
    pub(super) fn read(&mut self, unit: &str, spans: &[(usize, usize)], is_label: bool) {
        let worth = latin(unit.as_bytes());
        if worth > 0 {
            self.count(COMPUTING, worth);
        }
        if is_label {
            self.label = Self::ALONE;
            return;
        }
        if unit.len() > Self::LABEL_MOST {
            self.label = 0;
            return;
        }
        let line = unit.trim_end_matches(|c: char| c.is_ascii() || c == '…' || c == '：');
        let waiting: usize = spans.iter().map(|(_, length)| length).sum();
        let han = line.bytes().filter(|byte| !byte.is_ascii()).count();
        let sentence = line.contains(['。', '！', '？', '，', '、', '“', '《']);
        let likely = waiting * 2 >= han || self.unit >= Self::SAFE;
        self.label = match !sentence {
            true if waiting == han => Self::ALONE,
            true if likely => Self::LABEL,
            _ => 0,
        };
    }

    /// A unit was converted: what it has shown fades, and ends with the line or after [`units::SPAN`] bytes.
    pub(super) fn end_unit(&mut self, unit: &str) {
        self.fade(unit.len());
        (self.unit, self.label) = (0, 0);
        if unit.ends_with('\n') {
            self.kept = None;
        }
        self.bytes += unit.len();
        if self.bytes >= units::SPAN {
            *self = Self::default();
        }
    }

    /// A unit of this many bytes went by: half of the evidence nearby is gone after some sixty characters.
    fn fade(&mut self, bytes: usize) {
        let gone = bytes.min(Self::SPAN) as u32;
        let mut live = self.live;
        while live != 0 {
            let number = live.trailing_zeros();
            live &= live - 1;
            if let Some(sum) = self.near.get_mut(number as usize) {
                *sum -= *sum * gone / Self::SPAN as u32;
                if *sum == 0 {
                    self.live &= !(1 << number);
                }
            }
        }
        let gone = bytes.min(Self::PAGE_SPAN) as u32;
        for sum in [&mut self.page, &mut self.target, &mut self.source] {
            *sum -= *sum * gone / Self::PAGE_SPAN as u32;
        }
    }

    /// Whether the text has shown the domain; `domain` as for [`Self::add`]. `ease` is what may be missing.
    pub(super) fn shows(&self, domain: u32, ease: u32) -> bool {
        let (sum, needed) = self.sum(domain, ease);
        sum >= needed
    }

    /// What the text has shown of the domain, and from where on that is enough; arguments as for [`Self::shows`].
    #[inline]
    pub(super) fn sum(&self, domain: u32, ease: u32) -> (u32, u32) {
        let number = domain & 31;
        let near = self.near.get(number as usize).copied().unwrap_or_default();
        let sum = if number == COMPUTING { near + self.page + self.label } else { near };
        (sum, if domain >> 5 & 1 == 0 { Self::ENOUGH } else { Self::FIRM } - ease)
    }
}

/// The most bytes of a unit whose words are all those of labels.
pub(super) const LABEL_BYTES: usize = 240;

/// Whether all that stands between the terms of a unit, in Simplified characters, are words of buttons, menus and messages.
/// `waiting` and `written` are where its terms stand, those that wait and those of computing that were written, both in order;
/// `technical` whether those that wait show by themselves that the unit is about computing, so that [`PLAIN`] words count.
pub(super) fn is_label(
    unit: &[u8],
    waiting: impl Iterator<Item = (usize, usize)>,
    written: impl Iterator<Item = (usize, usize)>,
    technical: bool,
) -> bool {
    let (mut waiting, mut written) = (waiting.peekable(), written.peekable());
    let plain = technical || written.peek().is_some();
    let mut at = 0;
    while at < unit.len() {
        let next = match (waiting.peek(), written.peek()) {
            (Some(one), Some(other)) if other < one => written.next(),
            (None, _) => written.next(),
            _ => waiting.next(),
        };
        let (start, length) = next.unwrap_or((unit.len(), 0));
        let mut between = unit.get(at..start).unwrap_or_default();
        while let Some(first) = between.first() {
            let passed = if first.is_ascii() { Some(1) } else { label(between, plain).or_else(|| mark(between)) };
            let Some(passed) = passed else { return false };
            between = between.get(passed..).unwrap_or_default();
        }
        at = start + length;
    }
    true
}

/// Whether a text starts with a mark that stands between the words of labels; how many bytes it has.
fn mark(text: &[u8]) -> Option<usize> {
    let &[a, b, c] = text.first_chunk()?;
    let mark = char::from_u32(lexicon::code_point(u32::from_le_bytes([a, b, c, 0]).into()))?;
    "…：，。？！、；（）【】“”‘’《》「」".contains(mark).then_some(3)
}

/// The numbers of the waiting terms that stand alone in a unit; `spans` are where terms wait, in order, as offset and length.
///
/// The unit is a list of short items, perhaps of one, half of which at least are terms and nothing else but ASCII: numbers,
/// an English word. Sentences are no lists, and one character is no item.
pub(super) fn alone(unit: &str, spans: &[(usize, usize)]) -> Vec<usize> {
    /// The most bytes that are not ASCII in an item, and the fewest in a term.
    const ITEM: usize = 18;
    const TERM: usize = 6;
    const ENDS: [char; 4] = ['。', '！', '？', '…'];
    // A unit that is one term is an item however long that is, and whatever stands in it.
    if let [(start, length)] = *spans
        && unit.len() <= length + ITEM
        && unit.get(start..start + length) == Some(unit.trim_matches(is_separator))
        && length >= TERM
    {
        return vec![0];
    }
    // Most sentences show at their end that they are no lists, others at their start.
    let is_inside = |&c: &char| !c.is_ascii() && !is_separator(c);
    if unit.trim_ascii_end().ends_with(ENDS) || unit.chars().take_while(is_inside).take(ITEM).count() * 2 > ITEM {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut end, mut next, mut items, mut terms) = (0, 0, 0, 0);
    for item in unit.split_inclusive(is_separator) {
        end += item.len();
        let (first, mut covered) = (next, 0);
        while let Some((_, length)) = spans.get(next).filter(|(at, _)| *at < end) {
            covered += length;
            next += 1;
        }
        match item.trim_end_matches(is_separator).bytes().filter(|byte| !byte.is_ascii()).count() {
            0 => continue,
            length if length > ITEM => return Vec::new(),
            length if length == covered && length >= TERM => {
                terms += 1;
                found.extend(first..next);
            }
            _ => {}
        }
        items += 1;
    }
    if terms * 2 < items || unit.contains(ENDS) {
        found.clear();
    }
    found
}

/// Words that buttons, menus and messages of software are made of, beside its terms: those of one character, of two, three and
/// four, each sorted. Names of things that people also do something to elsewhere are none: 手机, 电话, 测试.
#[rustfmt::skip]
const LABELS: [&str; 4] = [
    concat!(
        "上", "下", "不", "与", "且", "个", "中", "为", "主", "之", "也", "了", "于", "仅", "仍", "从", "以", "份", "会", "位", "你", "值", "元", "先", "其", "内", "再", "列", "到", "前",
        "卡", "即", "去", "只", "可", "台", "后", "吗", "和", "在", "块", "字", "它", "对", "将", "已", "并", "张", "很", "忙", "您", "或", "才", "按", "换", "新", "无", "时", "有", "未",
        "条", "某", "次", "此", "用", "由", "的", "码", "秒", "空", "第", "约", "级", "能", "至", "色", "行", "表", "被", "要", "该", "请", "还", "这", "里", "键", "需", "非", "页", "项",
    ),
    concat!(
        "一个", "一些", "一旦", "一次", "一种", "一致", "一键", "一项", "上传", "上层", "上方", "上移", "下方", "下架", "下次", "下移", "下载", "不再", "不同", "不想", "不能", "不足", "丢失", "中断", "临时",
        "为空", "主机", "主题", "之前", "之后", "之间", "也可", "书签", "事件", "产生", "人脸", "仅限", "仍然", "仍要", "从不", "代理", "以上", "以下", "以便", "以及", "以后", "任何", "任务", "任意", "休眠",
        "优化", "会话", "传入", "传输", "位置", "何时", "作为", "使其", "使用", "依次", "依赖", "保存", "保持", "保留", "信任", "信号", "信息", "修复", "修改", "停止", "停用", "允许", "充值", "充电", "免费",
        "全局", "全选", "全部", "公共", "共享", "共有", "关于", "关机", "关联", "关闭", "其中", "其他", "内容", "再试", "写入", "冲突", "冻结", "减小", "出现", "出错", "分享", "分支", "分类", "分组", "分辨",
        "分钟", "切勿", "切换", "列表", "创建", "初始", "删除", "到期", "刷新", "前往", "剪切", "功能", "加入", "加号", "加密", "加粗", "加载", "动画", "勾选", "包含", "包括", "匹配", "匿名", "升级",
        "单个", "单元", "单击", "单独", "单词", "单页", "占用", "占线", "卡片", "即可", "即将", "卸载", "历史", "压缩", "参数", "及时", "双击", "双面", "发生", "发送", "取消", "受限", "变更", "叠加", "句首",
        "另存", "只读", "可以", "可信", "可写", "可用", "可能", "可见", "可读", "右侧", "右键", "号码", "各个", "合并", "同意", "同时", "同步", "同类", "名称", "向上", "向下", "向右", "向左", "含有",
        "启动", "启用", "命中", "命名", "响应", "响铃", "商品", "回复", "回放", "因为", "图像", "图块", "图层", "图形", "图标", "图案", "图片", "在线", "地图", "场景", "垂直", "垃圾", "基础", "填写", "增大",
        "声明", "声音", "处于", "备份", "备注", "备用", "复制", "多个", "多次", "多种", "大写", "大小", "太大", "太短", "失效", "失败", "头像", "头部", "好友", "如果", "如需", "如非", "始终", "姓名", "字幕",
        "字形", "字母", "字词", "存在", "安装", "完成", "完毕", "定义", "定位", "实例", "实时", "客服", "容量", "宽度", "密码", "密钥", "对方", "对齐", "导入", "导出", "导航", "封面", "小写", "小时", "尝试",
        "尺寸", "尾随", "展开", "展示", "属性", "嵌入", "工具", "左侧", "左键", "差异", "已有", "已满", "已知", "已被", "布局", "帐户", "帮助", "常用", "平滑", "并且", "并排", "应用", "底部", "延迟", "建立",
        "开关", "开启", "开始", "开机", "异常", "弃用", "引号", "引用", "弹幕", "强制", "当前", "录制", "形状", "必填", "必须", "忙碌", "快捷", "快照", "快速", "忽略", "性能", "总是", "恢复", "您的", "悬停",
        "意外", "成功", "成员", "我的", "或者", "截取", "截图", "截断", "所在", "所有", "所选", "所需", "手动", "手势", "打印", "打开", "扩展", "扫描", "批量", "找回", "抓取", "折叠", "抱歉", "拆分", "拉取",
        "拍摄", "拍照", "拒接", "拒绝", "拔下", "拖到", "拖动", "拖拽", "拖放", "拨打", "括号", "持续", "挂断", "指定", "指纹", "按下", "按住", "按钮", "按键", "损坏", "损害", "换行", "排序", "接受", "接听",
        "接收", "推送", "描述", "提交", "提取", "提示", "提醒", "插件", "插入", "搜索", "播放", "操作", "收款", "收藏", "改进", "放入", "放在", "放大", "数字", "数据", "数量", "整数", "文字", "断开", "断电",
        "新增", "新建", "新的", "方式", "旋转", "无效", "无法", "无线", "日历", "日期", "日程", "旧版", "旧的", "时区", "时长", "时间", "是否", "昵称", "显式", "显示", "暂停", "暂存", "暂无", "暂时", "更多",
        "更换", "更改", "更新", "替换", "最后", "最多", "最大", "最小", "最新", "最近", "有效", "有误", "期间", "未来", "未知", "未能", "未读", "末尾", "本人", "本地", "本机", "权限", "条件", "条款", "来源",
        "来电", "来自", "松开", "查找", "查收", "查看", "查询", "标头", "标点", "标签", "标记", "标题", "样式", "根据", "格式", "框架", "桌面", "检查", "模式", "模拟", "模板", "横屏", "歌单", "歌曲", "歌词",
        "正在", "正常", "正忙", "正文", "正确", "此人", "此处", "此类", "步骤", "段落", "每个", "每次", "比例", "水印", "永不", "永久", "没有", "注册", "注意", "注销", "流畅", "流量", "浏览", "消息", "消耗",
        "添加", "清理", "清空", "清除", "源码", "滑动", "滚轮", "滤镜", "漫游", "点击", "点按", "热点", "然后", "照片", "版本", "状态", "独立", "环绕", "现已", "现有", "生成", "生效", "用于", "用作", "用完",
        "用户", "由于", "电池", "电源", "电量", "画布", "画质", "画面", "畅通", "略过", "病毒", "登出", "登录", "监听", "监控", "目录", "直接", "相机", "省电", "短信", "确定", "确认", "禁止", "禁用", "离线",
        "私有", "移到", "移动", "移至", "移除", "稍候", "稍后", "稍等", "空格", "空白", "空间", "窗格", "立刻", "立即", "等宽", "等待", "等级", "策略", "筛选", "签出", "签名", "管理", "类型", "粗体", "粗细",
        "粘滞", "粘贴", "系统", "索引", "繁忙", "级别", "纸张", "组件", "终止", "终端", "绑定", "结尾", "结构", "结果", "绘制", "继续", "续费", "缓存", "编号", "编码", "编辑", "缩小", "缩放", "缺少", "网址",
        "网格", "网站", "网络", "网页", "置顶", "群组", "耗电", "聊天", "联系", "聚焦", "背景", "自动", "自带", "自行", "至少", "节点", "若干", "范围", "草稿", "获取", "蓝牙", "虚拟", "行号", "行尾", "行高",
        "表单", "表情", "表格", "要求", "规则", "视图", "视频", "角度", "角色", "解决", "解压", "解密", "解析", "解绑", "解锁", "触摸", "警告", "计费", "订单", "记录", "设为", "设备", "设置", "访问",
        "证书", "评论", "识别", "词典", "试用", "详情", "语法", "语言", "语音", "误触", "请勿", "请求", "读取", "调整", "调用", "谨慎", "账号", "账户", "质量", "资源", "超出", "超时", "超过", "跨站", "路径",
        "跳转", "跳过", "转到", "转发", "转换", "载入", "较低", "较大", "较长", "输入", "输出", "输错", "边框", "边缘", "边距", "过低", "过多", "过大", "过小", "过期", "过滤", "过热", "过长",
        "过高", "运行", "返回", "还原", "这个", "这些", "这里", "进入", "进度", "进行", "远程", "远端", "连接", "连续", "退出", "适合", "选中", "选定", "选择", "选项", "逗号", "通知", "通过", "速度", "速率",
        "遇到", "邮件", "部分", "配对", "释放", "重叠", "重启", "重复", "重新", "重置", "重装", "重要", "重试", "钱包", "铃声", "链接", "锁定", "错误", "键位", "键入", "键盘", "长度", "长按", "闪烁", "闪退",
        "问题", "间距", "闹钟", "阅读", "防止", "阻止", "附件", "附加", "附近", "降低", "限制", "限时", "随时", "随机", "隐私", "隐藏", "需要", "静音", "面板", "音乐", "音效", "音质", "音量", "音高", "页面",
        "顶部", "预览", "频繁", "频道", "颜色", "额度", "风格", "首先", "首次", "首选", "首页", "验证", "高度", "高清", "高级", "黑屏", "默认",
    ),
    concat!(
        "上一个", "上一步", "上一页", "下一个", "下一步", "下一页", "不可用", "不完整", "不正确", "二维码", "传感器", "使用中", "侧边栏", "充电器", "免打扰", "关键字", "关键词", "几分钟", "分析器", "分隔线", "前景色",
        "助听器", "叠加层", "另一个", "另一台", "另存为", "可见性", "右上角", "响应式", "大小写", "存储卡", "对等端", "对话框", "工作区", "工具箱", "左上角", "已保存", "手电筒", "找不到", "指示灯", "提示音", "摄像头",
        "收藏夹", "新手机", "新版本", "无障碍", "旧版本", "显示器", "最大化", "最小化", "未保存", "未定义", "样式表", "格式化", "检测到", "百分比", "监听器", "监视器", "笔记本", "第一个", "第三方", "管理员", "联系人",
        "背景色", "自定义", "记录器", "请注意", "请稍候", "选取器", "透明度", "通讯录", "重命名", "银行卡", "麦克风",
    ),
    concat!(
        "媒体播放", "字体系列", "定位服务", "您的手机", "我的手机", "我的电脑", "拨打电话", "接听电话", "控制是否", "数据用量", "最后一个", "最后一行", "目标位置", "相对路径", "紧急警报", "绝对路径", "网络连接",
    ),
];

/// More of them, which other texts have as well: they are words of labels only in a line that has a term of computing which is
/// safe or not common. Without one, 相关文件 may be papers, and 按照程序进行 a procedure.
#[rustfmt::skip]
const PLAIN: [&str; 4] = [
    concat!(
        "但", "共", "则", "及", "名", "向", "处", "应", "当", "想", "所", "来", "自", "若", "都", "间",
    ),
    concat!(
        "一组", "上限", "不是", "丢弃", "严格", "个人", "中止", "举报", "之外", "互动", "交换", "仍会", "从未", "优先", "传递", "似乎", "例外", "例如", "保护", "信箱", "倍增", "倍数", "储藏", "元素", "准备",
        "出于", "出厂", "出售", "分配", "到达", "前置", "动作", "助理", "区分", "即使", "原始", "双方", "反转", "发出", "发现", "取出", "变动", "名为", "后置", "否则", "呈现", "告知", "周期", "哎呀", "哪些", "唤醒", "固定",
        "地址", "处理", "外部", "大型", "字典", "安全", "完整", "定时", "密度", "导致", "小型", "尚未", "层次", "广播", "应当", "建议", "引发", "弹性", "录入", "形式", "忘记", "情况", "截获", "手指", "执行",
        "找到", "投射", "报告", "拦截", "持久", "按照", "捕获", "授权", "排列", "排除", "排障", "接触", "控制", "推荐", "收到", "收集", "放弃", "整体", "整合", "整理", "时段", "时限", "显著", "更正", "替代",
        "最低", "最终", "有时", "服务", "标识", "次数", "欢迎", "每日", "比较", "水平", "深度", "清单", "清洁", "溢出", "满足", "潜在", "焦点", "特定", "现在", "用法", "用过", "监视", "目前", "相似", "相关",
        "相同", "相应", "相邻", "看到", "确保", "确实", "突出", "系列", "结束", "继承", "缺失", "翻译", "而不", "耗尽", "联网", "能够", "自己", "自述", "触发", "计算", "记住", "许可", "访客", "试着", "询问", "说明",
        "读数", "起始", "身份", "转接", "较快", "较慢", "辅助", "迁移", "还是", "这款", "适用", "透明", "通话", "部署", "配件", "采用", "顺序", "颁发", "预期", "风险", "骚扰",
    ),
    concat!(
        "不适用", "传递给", "充满电", "分配给", "受管理", "可以是", "可信任", "可信赖", "安全地", "工作台", "工作集", "应如何", "控制在", "攻击者", "旧手机", "有时候", "服务商", "现在起", "相关联", "贵单位", "高强度",
        "黑名单",
    ),
    concat!(
        "决定是否", "可能影响", "安全考虑", "我们无法", "要执行的",
    ),
];

/// Whether a text starts with a word of labels, or with one of [`PLAIN`] where those count; how many bytes it has, the longest word
/// first. Each character has three.
fn label(text: &[u8], plain: bool) -> Option<usize> {
    fn starts<const BYTES: usize>(text: &[u8], words: &str) -> Option<usize> {
        let (words, word) = (words.as_bytes().as_chunks::<BYTES>().0, text.first_chunk()?);
        words.binary_search(word).is_ok().then_some(BYTES)
    }
    fn either<const BYTES: usize>(text: &[u8], words: &str, more: Option<&str>) -> Option<usize> {
        starts::<BYTES>(text, words).or_else(|| more.and_then(|words| starts::<BYTES>(text, words)))
    }
    let [one, two, three, four] = LABELS;
    let [plain_one, plain_two, plain_three, plain_four] = PLAIN.map(|words| plain.then_some(words));
    either::<12>(text, four, plain_four)
        .or_else(|| either::<9>(text, three, plain_three))
        .or_else(|| either::<6>(text, two, plain_two))
        .or_else(|| either::<3>(text, one, plain_one))
}

/// What stands between the items of a list.
const SEPARATORS: [char; 33] = [
    '、', '，', '；', '：', '·', '・', '（', '）', '【', '】', '「', '」', '『', '』', '“', '”', '《', '》', '〈',
    '〉', '／', '｜', '—', '－', '→', '＝', '•', '●', '　', ' ', '\t', '/', '|',
];

fn is_separator(c: char) -> bool {
    !matches!(c, '\u{3400}'..='\u{9FFF}') && SEPARATORS.contains(&c)
}

/// What a name is worth that hardly stands outside texts about software.
const NAME: u32 = 180;
/// What a name is worth that newspapers write too.
const BRAND: u32 = 50;
/// What a placeholder is worth, an option, a path: with one safe term enough for common words.
const SYNTAX: u32 = 360;
/// The most that the Latin words of a unit are worth.
const MOST: u32 = 512;

/// Names in texts about software, in lower case, sorted.
#[rustfmt::skip]
const NAMES: [&str; 124] = [
    "ansi", "apache", "api", "arm64", "ascii", "awk", "bash", "bios", "bsd", "btrfs", "bugs", "bugzilla", "cgi",
    "chromium", "cli", "cmake", "cpu", "crontab", "css", "csv", "daemon", "deb", "debian", "dhcp", "django", "dll",
    "dns", "docker", "dpkg", "emacs", "exe", "ext4", "fat32", "fedora", "firefox", "firmware", "freebsd", "ftp",
    "gcc", "gimp", "git", "github", "gitlab", "glibc", "gnome", "gnu", "golang", "gpg", "gpl", "grep", "grub", "gtk",
    "gui", "html", "http", "https", "imap", "ini", "ipv4", "ipv6", "irc", "java", "javascript", "jdk", "jpeg", "jpg",
    "jquery", "json", "kde", "kernel", "kubernetes", "ldap", "libreoffice", "lilo", "linux", "localhost", "lua",
    "macos", "makefile", "mariadb", "markdown", "mips", "mongodb", "mozilla", "mysql", "nfs", "nginx", "ntfs",
    "openbsd", "openssl", "perl", "php", "png", "pop3", "posix", "postgresql", "python", "qt", "ram", "redis",
    "regex", "rom", "rpm", "rss", "ruby", "rust", "sdk", "smtp", "sql", "sqlite", "ssh", "ssl", "svg", "tcp", "tls",
    "typescript", "ubuntu", "udp", "unicode", "unix", "url", "utf", "vim", "xml",
];

/// Names that newspapers write too.
#[rustfmt::skip]
const BRANDS: [&str; 28] = [
    "adobe", "android", "app", "apple", "chatgpt", "chrome", "email", "excel", "facebook", "google", "gpu", "ibm",
    "intel", "internet", "ios", "mac", "microsoft", "office", "oracle", "pc", "pdf", "shell", "usb", "vpn", "web",
    "wifi", "windows", "word",
];

/// What the Latin words of a unit tell of computing. Tags, addresses of pages and of people tell nothing: any text may
/// be wrapped in them.
fn latin(unit: &[u8]) -> u32 {
    /// The bits that are set in bytes that are not ASCII.
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let mut worth = 0;
    let mut at = 0;
    while let Some(&byte) = unit.get(at) {
        let rest = unit.get(at..).unwrap_or_default();
        // Han text goes by in blocks, and then eight bytes at a time up to the next ASCII character.
        let is_beyond = |block: &[u8; 32]| {
            let (words, _) = block.as_chunks::<8>();
            words.iter().fold(TOPS, |tops, &word| tops & u64::from_le_bytes(word)) == TOPS
        };
        if rest.first_chunk().is_some_and(is_beyond) {
            at += 32;
            continue;
        }
        if let Some(&window) = rest.first_chunk::<8>().filter(|_| !byte.is_ascii()) {
            let ascii = !u64::from_le_bytes(window) & TOPS;
            at += (ascii.trailing_zeros() / 8) as usize;
            continue;
        }
        if !byte.is_ascii_graphic() {
            at += 1;
            continue;
        }
        if byte == b'<' && rest.get(1).is_some_and(|&b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!')) {
            at += rest.iter().position(|&b| b == b'>').unwrap_or(0) + 1;
            continue;
        }
        let length = rest
            .iter()
            .enumerate()
            .position(|(i, &b)| !b.is_ascii_graphic() || i > 0 && b == b'<')
            .unwrap_or(rest.len());
        worth += token(rest.get(..length).unwrap_or_default());
        if worth >= MOST {
            return MOST;
        }
        at += length.max(1);
    }
    worth
}

/// What a run of ASCII characters without blanks tells.
fn token(token: &[u8]) -> u32 {
    if token.windows(3).any(|w| w == b"://") || token.starts_with(b"www.") || token.contains(&b'@') {
        return 0;
    }
    let mut worth = 0;
    for (i, pair) in token.windows(2).enumerate() {
        let before = i.checked_sub(1).and_then(|i| token.get(i)).copied();
        worth += match pair {
            // `100%d` is a rate, `%s` a placeholder.
            [b'%', b's' | b'd' | b'u' | b'i' | b'1' | b'2' | b'@' | b'(']
                if !before.is_some_and(|b| b.is_ascii_digit()) =>
            {
                SYNTAX
            }
            [b'$' | b'%', b'{' | b'('] | [b'{', b'{' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z'] => SYNTAX,
            // `--help`, but no dash between words.
            [b'-', b'-'] if before.is_none() && token.get(2).is_some_and(u8::is_ascii_lowercase) => SYNTAX,
            // `/etc/passwd`, `~/.bashrc`.
            [b'/', next] if matches!(before, None | Some(b'~')) && next.is_ascii_lowercase() => SYNTAX / 2,
            // The letter of a menu: `(&F)`, `(_F)`.
            [b'&' | b'_', b'A'..=b'Z'] if before == Some(b'(') => SYNTAX,
            _ => 0,
        };
    }
    let is_word = |word: &&[u8]| (2..=12).contains(&word.len()) && word.first().is_some_and(u8::is_ascii_alphabetic);
    for word in token.split(|b| !b.is_ascii_alphanumeric()).filter(is_word) {
        let mut lower = [0; 12];
        let Some(lower) = lower.get_mut(..word.len()) else { continue };
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        let known = |list: &[&str]| list.binary_search_by(|name| name.as_bytes().cmp(lower)).is_ok();
        worth += if known(&NAMES) {
            NAME
        } else if known(&BRANDS) {
            BRAND
        } else {
            0
        };
    }
    worth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.is_sorted() && BRANDS.is_sorted());
        for (i, list) in LABELS.iter().enumerate().chain(PLAIN.iter().enumerate()) {
            let words: Vec<_> = list.as_bytes().chunks((i + 1) * 3).collect();
            assert!(words.is_sorted_by(|a, b| a < b) && list.len() % ((i + 1) * 3) == 0, "{i}");
        }
        let right = |name: &&str| name.len() <= 12 && name.starts_with(|c: char| c.is_ascii_lowercase());
        assert!(NAMES.iter().chain(&BRANDS).all(|name| right(name) && !name.contains(|c: char| c.is_uppercase())));
    }

    #[test]
    fn latin_words_tell() {
        let rows: &[(&str, u32)] = &[
            ("只有汉字", 0),
            ("在 Linux 上", NAME),
            ("Debian GNU/Linux", MOST),
            ("用Python写", NAME),
            ("谷歌 Google 的", BRAND),
            ("见 https://example.org/linux/api", 0),
            ("<a href=\"linux.html\">新闻</a>", 0),
            ("<p>在 SSH 里</p>", NAME),
            ("写信给 root@example.org", 0),
            ("无法打开 %s", SYNTAX),
            ("涨了100%d", 0),
            ("你好，{name}", SYNTAX),
            ("选项 --help 说明", SYNTAX),
            ("他说 -- 不", 0),
            ("文件(&F)", SYNTAX),
            ("在/etc/passwd里", SYNTAX / 2),
            ("1/2 的人", 0),
        ];
        for (text, worth) in rows {
            assert_eq!(latin(text.as_bytes()), *worth, "{text}");
        }
    }

    #[test]
    fn plain_words_are_labels_beside_a_word_of_the_trade() {
        let is_label = |unit: &str, waiting: &[(usize, usize)], written: &[(usize, usize)]| {
            super::is_label(unit.as_bytes(), waiting.iter().copied(), written.iter().copied(), false)
        };
        assert!(!is_label("相关文件", &[(6, 6)], &[]));
        assert!(!is_label("按照程序进行", &[(6, 6)], &[]));
        assert!(is_label("控制编辑器打开的文件", &[(15, 6), (24, 6)], &[(6, 9)]));
    }

    #[test]
    fn labels_are_made_of_few_words() {
        let rows: &[(&str, &str, bool)] = &[
            ("关闭窗口", "窗口", true),
            ("无效的文件\n", "文件", true),
            ("确定要删除该文件吗？", "文件", true),
            ("移动“%s”到文件夹", "文件夹", true),
            ("签署文件", "文件", false),
            ("窗口外的风景", "窗口", false),
        ];
        for (unit, term, expected) in rows {
            let at = unit.find(term).unwrap_or_default();
            let waiting = [(at, term.len())].into_iter();
            assert_eq!(is_label(unit.as_bytes(), waiting, std::iter::empty(), false), *expected, "{unit}");
        }
    }

    #[test]
    fn items_of_lists_stand_alone() {
        let rows: &[(&str, &[&str], usize)] = &[
            ("空调\n", &["空调"], 1),
            ("12. 空调 (air conditioner)\n", &["空调"], 1),
            ("1、空调", &["空调"], 1),
            ("空调、酒店、土豆", &["空调", "酒店", "土豆"], 3),
            ("家电：空调、酒店", &["空调", "酒店"], 2),
            ("酒店服务员", &["酒店", "服务员"], 2),
            ("苹果、香蕉、土豆", &["土豆"], 0),
            ("他住酒店", &["酒店"], 0),
            ("酒店。", &["酒店"], 0),
            ("克", &["克"], 0),
        ];
        for (unit, terms, expected) in rows {
            let spans: Vec<_> = terms.iter().filter_map(|term| Some((unit.find(term)?, term.len()))).collect();
            assert_eq!(alone(unit, &spans).len(), *expected, "{unit}");
        }
    }

    #[test]
    fn common_words_need_more() {
        let common = 1 << 5;
        let mut evidence = Evidence::default();
        evidence.add(COMPUTING, true, false);
        evidence.add(COMPUTING, false, false);
        assert!(evidence.shows(COMPUTING, 0) && !evidence.shows(COMPUTING | common, 0));
        evidence.add(COMPUTING, true, false);
        assert!(evidence.shows(COMPUTING | common, 0));
        for _ in 0..20 {
            evidence.add((COMPUTING + 1) | common, false, false);
        }
        assert!(evidence.shows(COMPUTING + 1, 0), "many common words tell as much as one other");
    }

    #[test]
    fn a_text_at_home_has_twice_as_many_words_of_the_target() {
        let mut evidence = Evidence::default();
        evidence.add(VOCABULARY, true, true);
        assert!(evidence.is_at_home());
        evidence.add(COMPUTING, true, false);
        assert!(!evidence.is_at_home(), "one word of each");
        evidence.add(VOCABULARY, true, true);
        evidence.add(COMPUTING, true, true);
        assert!(evidence.is_at_home(), "what both write is no word of the source");
        for _ in 0..20 {
            evidence.end_unit("一行二十五个汉字，其中没有一个词说它是在哪里写的。\n");
        }
        assert!(!evidence.is_at_home(), "{evidence:?}");
    }

    #[test]
    fn a_page_remembers_and_forgets() {
        let mut evidence = Evidence::default();
        let line = "一行二十五个汉字，其中有一个说到了计算机的词。\n";
        for _ in 0..60 {
            evidence.add(COMPUTING, true, false);
            evidence.end_unit(line);
        }
        evidence.near = [0; 32];
        assert!(evidence.shows(COMPUTING, 0), "{evidence:?}");
        for _ in 0..20 {
            evidence.end_unit(line);
        }
        assert!(!evidence.shows(COMPUTING, 0), "{evidence:?}");
    }
}
