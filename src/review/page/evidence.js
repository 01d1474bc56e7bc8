// What evidence is called in Chinese. `#` stands for a number inside a name; a name that is two with `-and-` between them is said as both.
WORDS.zh.evidenceWords = {
  // the end of a line or block
  'no-final-mark': '行末无句末标点', 'final-mark': '行末有句末标点', 'no-final-mark-after-comma': '逗号后无句末标点', 'comma-at-end': '以逗号结尾', 'enumeration-at-end': '以顿号结尾',
  'digit-at-end': '以数字结尾', 'adverb-at-end': '以副词结尾', 'dash-at-end': '以破折号结尾', 'dash-opens-paragraph': '破折号在段首', 'kind-before-name': '专名前的类名', 'letters-in-pieces': '字母被软件拆成部件', 'ellipsis-at-end': '以省略号结尾', 'latin-at-end': '以拉丁字母结尾', 'sign-at-end': '以符号结尾',
  'opener-at-end': '以前引号或前括号结尾', 'preposition-at-end': '以介词结尾', 'particle-of-at-end': '以“的”结尾', 'closing-bracket-at-end': '以后括号结尾', 'closing-quote-at-end': '以后引号结尾',
  'bare-closing-bracket-at-end': '以后括号结尾，无标点', 'bare-closing-quote-at-end': '以后引号结尾，无标点', 'ellipsis-and-quote-at-end': '以省略号和引号结尾', 'credit-at-end': '以署名结尾',
  'line-end': '行末', 'line-end-hyphen': '行末连字符', 'line-end-mark': '行末标点', 'line-full': '行满', 'line-is-full': '行满', 'line-short': '短行', 'line-little-short': '行略短', 'line-hardly-short': '行稍短',
  'line-quite-short': '行较短', 'line-much-short': '行短许多', 'line-very-short': '行极短', 'line-shorter-than-column': '行短于栏宽', 'line-indented': '行有缩进', 'line-at-margin': '行在栏边', 'line-hardly-indented': '行稍缩进',
  'line-like-heading': '行似标题', 'ends-line-of-sentences': '整句排满的行之末', 'ends-on-function-word': '以虚词结尾', 'room-for-next': '行末容得下后一词', 'room-for-next-word': '行末容得下后一词', 'room-for-much-more': '行末尚空许多',
  'no-mark': '无标点', 'no-mark-on-line-full': '行满而无标点', 'no-mark-on-line-over': '行超宽而无标点', 'other-mark': '其他标点', 'final-mark-on-line-full': '行满而有句末标点', 'final-mark-on-line-over': '行超宽而有句末标点',
  'after-stop': '句号之后', 'after-colon': '冒号之后', 'after-semicolon': '分号之后', 'after-stop-and-quote': '句号和引号之后', 'after-colon-of-speech': '引语冒号之后', 'after-stop-early-mark': '句号后很快停顿',
  'after-stop-quote-open': '句号之后，引号未闭', 'after-stop-short-block': '句号之后，短块', 'after-colon-short-block': '冒号之后，短块', 'after-stop-opens-with-quote': '句号之后，以引号开头', 'after-colon-opens-with-quote': '冒号之后，以引号开头',
  'bare-#': '无标点，离下一标点 # 字', 'bare-long': '无标点，后句很长', 'bare-with-digits': '无标点，带数字', 'bare-then-long-sentence': '无标点，后接长句', 'bare-opens-like-paragraph': '无标点，后文似新段', 'bare-then-adverb': '无标点，后接副词',
  'bare-then-byline': '无标点，后接署名', 'bare-then-digit': '无标点，后接数字', 'bare-then-early-mark': '无标点，后段很快停顿', 'bare-then-item': '无标点，后接条目', 'bare-then-quote': '无标点，后接引号',
  'bare-inside-pair': '无标点，行末两字成词', 'bare-no-inside-pair': '无标点，行末两字不成词', 'bare-word-across-break': '无标点，跨行成词', 'bare-word-begin-likely': '无标点，行末似词首', 'bare-word-end-likely': '无标点，行首似词尾',
  // what comes next
  'mark-after-one': '一字后有标点', 'mark-after-two': '两字后有标点', 'mark-after-four': '四字后有标点', 'mark-after-eight': '八字后有标点', 'early-stop': '后段很快停顿', 'early-enumeration': '后段很快有顿号', 'enumeration-inside': '内有顿号',
  'comma-inside-#': '# 字内有逗号', 'mark-inside-a-sentence': '句中标点', 'next-lower-case': '后文小写开头', 'next-capital': '后文大写开头', 'next-capitals': '后文全大写', 'next-digit': '后文以数字开头',
  'next-small-as-issue-has-it': '后文小写，本期他处亦然', 'next-small-where-issue-has-capital': '后文小写，本期他处大写', 'next-capital-and-joined-known': '后文大写，合起来是词', 'next-capital-part-known': '后文大写，本身是词',
  'next-opens-with-byline': '后文以署名开头', 'next-opens-with-adverb': '后文以副词开头', 'next-opens-with-number': '后文以数字开头', 'next-opens-with-speaker': '后文以发言人开头', 'next-opens-with-conjunction': '后文以连词开头',
  'next-opens-with-quote': '后文以引号开头', 'next-opens-with-dash': '后文以破折号开头', 'next-opens-with-bracket': '后文以括号开头', 'next-opens-with-dateline': '后文以电头开头', 'next-opens-with-item': '后文以条目开头',
  'next-opens-with-label': '后文以标签开头', 'next-opens-with-unit': '后文以单位开头', 'next-opens-with-particle': '后文以助词开头', 'next-opens-with-other-mark': '后文以其他标点开头', 'next-opens-with-short-sentence': '后文以短句开头',
  'next-begins-with-title': '后文以称谓开头', 'next-like-title': '后文似标题', 'next-short-and-stopped': '后文短而有句号', 'next-is-conjunction': '后文是连词', 'next-is-indented': '后行缩进', 'next-is-a-tail': '后文是残尾', 'next-all-in-brackets': '后文全在括号内',
  'next-without-letters': '后文无文字', 'next-line-is-full': '后行满', 'next-line-full': '后行满', 'next-line-is-narrow': '后行窄', 'next-line-indented': '后行缩进', 'next-line-centred': '后行居中', 'next-line-at-margin': '后行在栏边',
  'next-line-like-heading': '后行似标题', 'next-line-no-mark': '后行无标点', 'next-line-final-mark': '后行有句末标点', 'next-line-hyphen': '后行有连字符', 'next-line-over': '后行超宽', 'next-line-under-half': '后行不足半行',
  'next-page': '下一页', 'nothing-after-byline': '署名后无文字', 'opens-with': '开头是', 'opens-with-digit': '以数字开头', 'opens-with-bracket': '以括号开头', 'opens-with-quote': '以引号开头', 'opens-with-dash': '以破折号开头',
  'opens-with-latin': '以拉丁字母开头', 'opens-with-sign': '以符号开头', 'opens-with-bullet': '以项目符号开头', 'opens-with-closer': '以后引号或后括号开头', 'opens-with-book-title': '以书名号开头', 'opens-quotation': '引语开始', 'closes-quotation': '引语结束',
  // words
  'word-across-break': '跨行成词', 'rare-word-across-break': '跨行成罕用词', 'long-word-across-break': '跨行成长词', 'dateline-across-break': '跨行成电头', 'latin-across-break': '拉丁词跨行', 'number-across-break': '数字跨行', 'decimal-across-break': '小数跨行',
  'unit-across-break': '数与单位跨行', 'word-across-gain': '跨行成词的把握', 'word-begin-likely': '行末似词首', 'word-end-likely': '行首似词尾', 'no-inside-pair': '行末两字不成词', 'inside-pair': '行末两字成词', 'inside-pair-strong': '行末两字必成词',
  'only-one-makes-a-word': '仅此一种成词', 'words-over-the-next-line': '跨行成词数', 'words-into-the-next-line': '入后行成词数', 'word-in-ocr-file': '识别文件中的词', 'word-before-mark': '标点前的词', 'word-without-space': '去空格成词', lexicon: '词典', 'no-lexicon': '无词典',
  'user-dictionary': '自定词典', 'elsewhere-in-batch': '本批他处', 'elsewhere-in-issue': '本期他处', 'part-elsewhere-in-issue': '前后部分见本期他处', 'hyphenated-elsewhere': '他处带连字符', 'hyphenated-elsewhere-in-issue': '本期他处带连字符',
  'joined-elsewhere-in-issue': '本期他处合写', 'parts-are-words': '两部分各成词', 'parts-are-common-words': '两部分是常用词', 'parts-are-very-common-words': '两部分是极常用词', 'part-is-no-word': '部分不成词', 'parts-as-pieces-over-words': '两部分更似词的碎片',
  'joined-is-a-word': '合起来是词', 'joined-common': '合起来是常用词', 'joined-frequency': '合写词频', 'joined-opens-no-word': '合起来不是词的开头', 'joined-opens-words-so-far': '合起来是若干词的开头', 'joined-looks-like-no-word': '合起来不像词',
  'joined-looks-like-a-word': '合起来像词', 'joined-looks-like-frequency': '合起来像词的程度', 'part-before-capital': '前部大写', 'part-before-opens-words': '前部是词的开头', 'part-before-opens-words-so-often': '前部常作词的开头', 'part-before-opens-no-words': '前部不作词的开头',
  'part-before-short': '前部短', 'part-before-very-common': '前部极常用', 'part-before-unknown': '前部不成词', 'part-before-digit': '前部带数字', 'part-before-frequency': '前部词频', 'part-before-looks-like-a-word': '前部像词',
  'part-before-opens-words-over-alone': '前部作词首多于独用', 'part-after-closes-words-over-alone': '后部作词尾多于独用', 'part-after-closes-words-so-often': '后部常作词尾', 'part-after-closes-no-words': '后部不作词尾', 'part-after-short': '后部短',
  'part-after-very-common': '后部极常用', 'part-after-unknown': '后部不成词', 'part-after-frequency': '后部词频', 'part-after-looks-like-a-word': '后部像词', 'hyphen-before-part': '部分前有连字符', 'hyphen-after-part': '部分后有连字符',
  'hyphens-a-line': '每行连字符', 'no-hyphens-in-issue': '本期无连字符', 'hyphens-missing-in-issue': '本期连字符缺失', 'sign-mostly-at-line-ends': '此符多在行末', 'sign-rarely-seen-in-issue': '此符本期少见', 'sign-splits-words-in-issue': '本期以此符断词',
  'rubbish-in-issue': '本期多乱码', 'no-rubbish-in-issue': '本期无乱码', 'soft-hyphen': '软连字符', 'double-hyphen': '双连字符', 'no-split-sign': '无断词符', 'letters-go-together': '字母相连', 'pair-holds-han': '成对标点内有汉字',
  // blocks and layout
  'same-block': '同一块', 'first-block': '首块', 'little-text-around': '周围文字少', 'among-short-blocks': '在短块之间', 'among-many-short-blocks': '在许多短块之间', 'lines-around': '周围的行', 'indented': '缩进', 'new-column': '新栏', 'narrow-column': '窄栏', 'wide-column': '宽栏',
  'boxes-of-lines-full': '各行框满', 'box-of-line-short': '行框短', 'box-of-next-line-indented': '后行框缩进', 'deck-before': '前有副题', 'title-told-again': '标题重见', 'title-not-told-again': '标题未重见', 'report-begun': '报道已开始', 'paragraphs-around': '周围分段',
  'told-in-this-order': '文中按此次序', 'before-anything-is-known': '尚无依据', 'space-after-most-characters': '多数字后有空格', 'may-stand-for-a-space': '或代空格', 'running-text': '连排文字', 'several-in-one-clause': '一句内数处', 'inner-space': '内有空格',
  // marks and characters
  'open-quote-or-bracket': '引号或括号未闭', 'quote-left-open': '引号未闭', 'bracket-left-open': '括号未闭', 'closes-what-was-not-opened': '闭合而无开头', 'closes-nothing': '无可闭合', 'never-closed': '始终未闭', 'opens-within-itself': '同号嵌套', 'equal-halves': '两半相同',
  'han-both-sides': '两侧汉字', 'han-and-line-end': '汉字与行末', 'han-on-the-left': '左侧汉字', 'han-on-the-right': '右侧汉字', 'han-beyond': '其外汉字', 'starts-with-a-mark': '以标点开头', 'numeral-before-title': '书名号前数字', 'numeral-behind-mark': '标点后数字',
  'numeral-opens-line': '数字开行', 'numeral-between-phrases': '短语间数字', 'row-of-dots': '一行点', 'row-of-dots-first': '开头一行点', 'row-of-dots-before-latin': '拉丁字母前一行点', 'two-strokes': '两划', 'two-kinds-of-strokes': '两种划', 'typed-in-two-signs': '以两符代打',
  'foreign-name': '外国人名', 'dot-between-han': '汉字间的点', 'year-and-number': '年份与序号', 'vertical-form': '竖排形', 'small-form': '小写变体', 'compatibility-ideograph': '兼容汉字', 'equivalent-unified-ideograph': '对应的统一汉字',
  'canonically-equivalent': '规范等价', 'invisible': '不可见', 'code-point': '码位', 'emoji-selector-after-han': '汉字后的表情选择符', 'look-alike': '形近', 'long-s': '长 s', 'old-form-of': '旧形', 'character': '字', 'was': '原为', 'traditional-text': '繁体文本',
  'paragraph-does-not-come-out-even': '全段引号不成对', script: '字体', language: '语言', note: '说明', number: '号', 'number-before': '前一期号', date: '日期', letters: '字母数', allowed: '保留表', decided: '已决定', 'issues-in-zh': '中文各期',
  // articles, pages, copies
  copy: '副本', shared: '相同比例', 'error-rate': '差异率', archive: '馆藏', estimated: '按指纹估计', 'jump-line': '转版行', 'jump-line-names-page': '转版行所指版', 'pages-in-issue': '本期页数', printed: '印刷页码', position: '位置', "pages-with-the-issue's-date": '与本期同日的页数',
  'percent-told-below': '下文提及 %', 'percent-told-here': '此处提及 %', 'percent-known': '已知词 %', 'percent-odd': '异常 %', 'percent-soup': '乱串 %', 'percent-repeated': '重复 %', 'percent-broken': '断词 %', 'percent-confidence': '识别把握 %', 'percent-of-#-grams': '#字串 %',
};

function evidenceName(name) {
  const of = words.evidenceWords;
  if (of[name]) return of[name];
  const number = name.match(/\d+/)?.[0];
  if (number && of[name.replace(number, '#')]) return of[name.replace(number, '#')].replace('#', number);
  const both = name.split('-and-').map((one) => of[one]);
  return both.length > 1 && both.every(Boolean) ? both.join('，') : name;
}

function evidenceText(evidence) {
  const at = evidence.indexOf(':');
  return at < 0 ? evidenceName(evidence) : evidenceName(evidence.slice(0, at)) + evidence.slice(at);
}
