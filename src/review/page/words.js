// The words of the interface in English and Chinese. `{0}` stands for what is put in.
const WORDS = {
  en: {
    loaded: '{0} of {1} changes loaded',
    partly: 'Only {0} of {1} changes could be loaded: this file is damaged or cut. Do not decide from it; ask for it again.',
    open: 'To decide', findings: 'Findings', applied: 'Applied safe edits', audit: 'Audit sample', stale: 'Stale', conflict: 'Conflicts',
    deferred: 'Deferred', decided: 'Decided', since: 'New from others', mine: 'Assigned to me', all: 'Everything', views: 'Views', order: 'Order', groups: 'Groups',
    'by-pattern': 'Rule and pattern', 'by-page': 'Issue and page', 'by-confidence': 'Least sure first',
    everything: 'All of this view', filter: 'Filter', 'filter-hint': 'text, path, rule, evidence',
    name: 'Your name', vertical: 'Vertical text', theme: 'Colours', auto: 'as the system', light: 'light', dark: 'dark', language: 'Language',
    download: 'Download decisions', upload: 'Load decisions', help: 'Keys', print: 'Print', more: 'Menu',
    progress: '{0} of {1} done', rate: '{0} % accepted',
    accept: 'Accept', reject: 'Reject', edit: 'Edit', defer: 'Defer', undo: 'Undo',
    same: 'Same', different: 'Different', continuation: 'Continuation', 'keep-longer': 'Keep longer', right: 'True', wrong: 'False alarm',
    'accept-all': 'Accept all alike', 'reject-all': 'Reject all alike', alike: '{0} alike', only: 'the only one',
    before: 'Before', after: 'After', nothing: 'nothing', because: 'because', evidence: 'Evidence', 'why-not': 'why nothing is proposed',
    page: 'page {0}', line: 'line {0}', moved: 'and at {0}: {1}', 'taken-away': '“{0}” goes', sure: '{0} sure',
    safe: 'safe', review: 'for review', report: 'shown only', note: 'note', warning: 'warning', error: 'error',
    'state-applied': 'applied by policy', 'state-held': 'waits', 'state-rejected': 'rejected', 'state-displaced': 'another edit stands here',
    'ruling-accept': 'accepted', 'ruling-reject': 'rejected', 'ruling-edit': 'edited', 'ruling-defer': 'deferred', 'ruling-stale': 'stale: the text around it has changed',
    'ruling-conflict': 'people disagree', 'ruling-pending': 'needs one more person', 'ruling-same': 'same text', 'ruling-different': 'different texts',
    'ruling-continuation': 'continuation', 'ruling-keep-longer': 'keep the longer',
    'finding-accept': 'true', 'finding-reject': 'false alarm', 'by-whole': 'by its pattern', says: '{0}: {1}',
    'bulk-accept': 'Accept all {0} alike?', 'bulk-reject': 'Reject all {0} alike?', 'bulk-sample': 'A random sample of {0} of {1}. Look at each; cards decided singly keep their decision.',
    'bulk-yes-accept': 'Accept all {0}', 'bulk-yes-reject': 'Reject all {0}', cancel: 'Cancel', close: 'Close', save: 'Save',
    'edit-title': 'Put this text instead', 'edit-hint': 'Ctrl+Enter saves. A line end is a line end; leave it empty to take the text away.',
    'said-accept': 'Accepted', 'said-reject': 'Rejected', 'said-edit': 'Edited', 'said-defer': 'Deferred', 'said-clear': 'Taken back', 'said-same': 'Same',
    'said-different': 'Different', 'said-continuation': 'Continuation', 'said-keep-longer': 'Keep the longer', 'said-bulk': '{0}: {1} cards',
    'nothing-to-undo': 'Nothing to undo.', 'no-cards': 'Nothing here.', 'keys-decide': 'Enter, Space and Esc never decide: press a, r, e or d.',
    shown: '{0}–{1} of {2}', next: 'Next 100', previous: 'Previous 100', undownloaded: '{0} kept in this browser only',
    saved: 'saved', 'not-saved': 'NOT SAVED: {0}. Nothing more is taken until it can be saved.', 'not-kept': 'This browser keeps nothing: download your decisions before you close the page.',
    'read-file': '{0} decisions loaded, {1} of them new', 'bad-file': '{0} is no file of decisions: line {1}', 'name-first': 'Say who you are first (field “Your name”).',
    words: 'To word list', allow: 'To allow list', 'words-title': 'Add to the words of the project', 'allow-title': 'Leave this text as it is, always', reason: 'Reason',
    'listed-words': '“{0}” is on the word list', 'listed-allow': '“{0}” is on the allow list', 'download-words': 'Download words', 'download-allow': 'Download allow list',
    codes: 'Code points', scan: 'Scan of line {0}', cut: 'The texts go on; the first 6000 characters are shown.', letters: '{0} characters', elsewhere: '{0} {1}:{2}', 'text-a': 'This text', 'text-b': 'The other text',
    keys: [['a', 'accept'], ['r', 'reject'], ['e', 'edit'], ['d', 'defer'], ['u', 'undo'], ['j, n, ↓', 'next card'], ['k, p, ↑', 'previous card'], ['Shift+A', 'accept all alike, after a sample'],
      ['Shift+R', 'reject all alike, after a sample'], ['g', 'to the groups'], ['/', 'filter'], ['v', 'vertical text'], ['s, f, c, l', 'two texts: same, different, continuation, keep longer'], ['?', 'this help']],
    rules: {}, evidenceWords: {},
  },
  zh: {
    loaded: '已载入 {0} / {1} 条',
    partly: '仅载入 {0} / {1} 条：文件损坏或不完整。请勿据此决定，请重新索取。',
    open: '待决定', findings: '问题', applied: '已自动修改', audit: '抽查样本', stale: '已失效', conflict: '意见冲突',
    deferred: '已搁置', decided: '已决定', since: '他人新决定', mine: '分给我的', all: '全部', views: '视图', order: '排列', groups: '分组',
    'by-pattern': '按规则与模式', 'by-page': '按期与版面', 'by-confidence': '最不确定者在前',
    everything: '本视图全部', filter: '筛选', 'filter-hint': '文字、路径、规则、依据',
    name: '您的姓名', vertical: '竖排', theme: '颜色', auto: '随系统', light: '浅色', dark: '深色', language: '语言',
    download: '下载决定', upload: '载入决定', help: '按键', print: '打印', more: '菜单',
    progress: '已完成 {0} / {1}', rate: '接受率 {0} %',
    accept: '接受', reject: '拒绝', edit: '改写', defer: '搁置', undo: '撤销',
    same: '相同', different: '不同', continuation: '续文', 'keep-longer': '保留较长者', right: '属实', wrong: '误报',
    'accept-all': '接受全部同类', 'reject-all': '拒绝全部同类', alike: '同类 {0} 条', only: '仅此一条',
    before: '原文', after: '改后', nothing: '无', because: '依据', evidence: '依据', 'why-not': '未提出修改的原因',
    page: '第 {0} 页', line: '第 {0} 行', moved: '另见 {0}：{1}', 'taken-away': '“{0}”移走', sure: '把握 {0}',
    safe: '安全', review: '待审', report: '仅显示', note: '提示', warning: '警告', error: '错误',
    'state-applied': '已按规则修改', 'state-held': '等待', 'state-rejected': '已拒绝', 'state-displaced': '此处另有修改',
    'ruling-accept': '已接受', 'ruling-reject': '已拒绝', 'ruling-edit': '已改写', 'ruling-defer': '已搁置', 'ruling-stale': '已失效：周围文字有变',
    'ruling-conflict': '意见不一', 'ruling-pending': '还需一人同意', 'ruling-same': '文本相同', 'ruling-different': '文本不同',
    'ruling-continuation': '续文', 'ruling-keep-longer': '保留较长者',
    'finding-accept': '属实', 'finding-reject': '误报', 'by-whole': '随同类', says: '{0}：{1}',
    'bulk-accept': '接受全部 {0} 条同类？', 'bulk-reject': '拒绝全部 {0} 条同类？', 'bulk-sample': '随机样本 {0} / {1} 条。请逐条查看；已单独决定者不受影响。',
    'bulk-yes-accept': '接受全部 {0} 条', 'bulk-yes-reject': '拒绝全部 {0} 条', cancel: '取消', close: '关闭', save: '保存',
    'edit-title': '改为以下文字', 'edit-hint': 'Ctrl+Enter 保存。换行即换行；留空则删去原文。',
    'said-accept': '已接受', 'said-reject': '已拒绝', 'said-edit': '已改写', 'said-defer': '已搁置', 'said-clear': '已收回', 'said-same': '相同',
    'said-different': '不同', 'said-continuation': '续文', 'said-keep-longer': '保留较长者', 'said-bulk': '{0}：{1} 条',
    'nothing-to-undo': '没有可撤销的决定。', 'no-cards': '此处没有内容。', 'keys-decide': '回车、空格和 Esc 不作决定：请按 a、r、e 或 d。',
    shown: '第 {0}–{1} 条，共 {2} 条', next: '后 100 条', previous: '前 100 条', undownloaded: '{0} 条仅存于此浏览器',
    saved: '已保存', 'not-saved': '未保存：{0}。恢复之前不再接受决定。', 'not-kept': '此浏览器无法保存：关闭前请下载决定。',
    'read-file': '已载入 {0} 条决定，其中新决定 {1} 条', 'bad-file': '{0} 不是决定文件：第 {1} 行', 'name-first': '请先填写“您的姓名”。',
    words: '加入词表', allow: '加入保留表', 'words-title': '加入项目词表', 'allow-title': '此文字始终保持原样', reason: '理由',
    'listed-words': '“{0}”已在词表', 'listed-allow': '“{0}”已在保留表', 'download-words': '下载词表', 'download-allow': '下载保留表',
    codes: '码位', scan: '第 {0} 行扫描图', cut: '文本未完；仅显示前 6000 字。', letters: '{0} 字', elsewhere: '{0} {1}:{2}', 'text-a': '此文', 'text-b': '另一文',
    keys: [['a', '接受'], ['r', '拒绝'], ['e', '改写'], ['d', '搁置'], ['u', '撤销'], ['j, n, ↓', '下一条'], ['k, p, ↑', '上一条'], ['Shift+A', '看样本后接受全部同类'],
      ['Shift+R', '看样本后拒绝全部同类'], ['g', '到分组'], ['/', '筛选'], ['v', '竖排'], ['s, f, c, l', '两文：相同、不同、续文、保留较长者'], ['?', '本帮助']],
    rules: {
      'invisible-character': '不可见字符', 'compatibility-form': '兼容字形', 'split-word': '断词', 'broken-paragraph': '断段', 'undecided-break': '未定断行',
      'broken-ellipsis': '断省略号', 'broken-dash': '断破折号', 'document-number-bracket': '文号括号', 'wrong-middle-dot': '错间隔号', 'half-width-mark': '半角标点',
      'straight-quote': '直引号', 'user-replacement': '自定替换', 'unwanted-script': '简繁异体', 'long-s': '长 s', 'stray-space': '多余空格', 'mixed-script': '混用文字',
      'unknown-character': '不明字符', 'truncated-article': '残缺文章', 'unmatched-jump-line': '转版不明', 'duplicate-article': '重复文章', 'headline-order': '标题次序',
      'missing-page': '缺页', 'duplicate-page': '重复页', 'blank-page': '空白页', 'wrong-issue-page': '他期页面', 'page-order': '页序', 'unreadable-file': '无法读取',
      'undecodable-bytes': '无法解码', 'internal-error': '内部错误',
    },
    evidenceWords: {
      'word-across-break': '跨行成词', 'no-final-mark': '行末无句末标点', 'mark-after-one': '一字后有标点', 'mark-after-two': '两字后有标点', 'early-stop': '后段很快停顿',
      'no-inside-pair': '行末两字不成词', 'line-end-hyphen': '行末连字符', lexicon: '词典', 'elsewhere-in-batch': '本批他处', 'no-final-mark-after-comma': '逗号后无句末标点',
      'open-quote-or-bracket': '引号或括号未闭', 'mark-inside-a-sentence': '句中标点', copy: '副本', shared: '相同比例', 'error-rate': '差异率', allowed: '保留表',
    },
  },
};

let words = WORDS.en;

function t(key, ...args) {
  const text = words[key] ?? WORDS.en[key] ?? key;
  return typeof text === 'string' ? text.replace(/\{(\d)\}/g, (_, i) => String(args[i])) : text;
}

const ruleName = (rule) => words.rules[rule] ?? rule;

function evidenceText(evidence) {
  const at = evidence.indexOf(':');
  const [name, detail] = at < 0 ? [evidence, ''] : [evidence.slice(0, at), evidence.slice(at)];
  return (words.evidenceWords[name] ?? name) + detail;
}
