#!/usr/bin/env python3
"""Writes notices.jsonl: notices of one form with other names, numbers and places. None is a copy of another.

All sentences were written for this purpose; CC0 1.0. The same call makes the same bytes.
"""
import json, os

SERIES = {
    "zh-weather": ("zh", "市气象台{0}发布天气预报：今天夜间到明天白天，{1}，{2}风{3}级，最低气温{4}，最高气温{5}。{6}", [
        ("12月5日", "晴转多云", "西北", "三到四", "零下六度", "三度", "早晚温差较大，请老人和儿童注意添衣保暖。"),
        ("12月8日", "小雪转阴", "东北", "两到三", "零下九度", "零下一度", "道路湿滑，司机朋友请减速慢行。"),
        ("3月21日", "中雨转小雨", "东南", "四到五", "八度", "十四度", "山区要防范落石和塌方。"),
        ("7月16日", "雷阵雨", "偏南", "五到六", "二十五度", "三十四度", "户外作业人员要注意防雷避雨。"),
        ("10月2日", "多云", "偏西", "一到二", "十三度", "二十二度", "空气清新，适合登高望远。")]),
    "zh-live": ("zh", "本台明天{0}将直播{1}。届时中央广播电视台{2}和新闻客户端将同步播出，敬请收看。", [
        ("上午十点", "国务院新闻办公室介绍粮食生产情况的发布会", "综合频道"),
        ("下午三点", "载人飞船与空间站组合体交会对接的全过程", "新闻频道"),
        ("晚上七点半", "世界女排联赛总决赛中国队对巴西队的比赛", "体育频道"),
        ("早上八点", "大桥通车仪式和首批车辆驶过主塔的现场", "中文国际频道"),
        ("晚上八点", "庆祝教师节文艺晚会和优秀教师表彰仪式", "文艺频道")]),
    "zh-telegram": ("zh", "{0}，国家主席同{1}互致贺电，庆祝两国建交{2}周年。国家主席指出，{3}。我愿同总统先生一道努力，推动两国关系不断迈上新台阶。", [
        ("1月10日", "突尼斯总统", "60", "突尼斯是最早同我国开展医疗合作的北非国家之一，两国在卫星导航领域的合作走在前列"),
        ("7月6日", "黑山总统", "20", "黑山南北高速公路建成通车，成为两国人民友好的见证"),
        ("4月2日", "斐济总统", "50", "菌草技术在南太平洋岛国落地生根，帮助当地农民增加了收入"),
        ("11月19日", "智利总统", "55", "车厘子和三文鱼走进千家万户，贸易额连续十年保持增长")]),
    "zh-reserves": ("zh", "国家外汇管理局统计数据显示，截至{0}末，我国外汇储备规模为{1}亿美元，较上月末{2}亿美元，{3}。{4}", [
        ("6月", "33174", "上升322", "升幅为0.98%", "美元指数下跌，全球主要金融资产价格总体上涨，汇率折算和资产价格变化共同作用。"),
        ("10月", "30524", "下降235", "降幅为0.77%", "受主要经济体央行加息预期升温影响，债券价格普遍走低，非美元货币贬值。"),
        ("2月", "32272", "上升79", "升幅为0.25%", "出口订单回暖，跨境资金流动平稳，外汇市场供求基本平衡。"),
        ("9月", "31151", "下降450", "降幅为1.42%", "地缘局势紧张推高避险需求，股票市场大幅回落，估值损失较多。")]),
    "de-weather": ("de", "Wetterbericht vom {0}. Über {1} lagert ein {2}. In {3} {4}. Aussichten: {5}. Temperatur um 7 Uhr früh {6} Grad.", [
        ("3. März", "Irland", "tiefes Minimum von 735 mm", "Norddeutschland", "regnete es seit gestern anhaltend bei stürmischem Südwest", "weitere Niederschläge und milde Nächte", "vier"),
        ("19. Juli", "den Alpen", "flaches Gewittertief", "Schwaben und Franken", "gingen nachmittags Hagelschläge nieder, die der Ernte schadeten", "drückende Schwüle, dann Abkühlung", "neunzehn"),
        ("27. Oktober", "Finnland", "kräftiges Hoch", "Ostpreußen", "herrschte bei klarem Himmel der erste Nachtfrost", "heiter und trocken, morgens Nebel", "minus zwei"),
        ("12. Januar", "der Biskaya", "Teiltief", "Schlesien", "schneite es in den Bergen bis zu einem halben Meter", "Tauwetter, Glatteis auf den Straßen", "null")]),
    "de-corn": ("de", "Getreidemarkt. {0}, den {1}. Weizen {2}, Roggen {3}, Hafer {4}. {5} Umsatz {6} Zentner.", [
        ("Breslau", "4. Mai", "weißer 178 bis 184 M.", "nach Güte 141 M.", "ruhig bei 128 M.", "Die Zufuhr vom Lande blieb schwach, weil die Bestellung der Felder alle Hände braucht.", "2300"),
        ("Mannheim", "17. September", "Pfälzer 212 M.", "fest 166 bis 170 M.", "neuer 149 M.", "Käufer aus der Schweiz nahmen größere Posten aus dem Schiff auf.", "18000"),
        ("Königsberg", "2. Februar", "hochbunter 195 M.", "matt 152 M.", "ohne Handel", "Das Eis im Haff hält die russischen Kähne zurück, am Platze liegt wenig Ware.", "750"),
        ("Hamburg", "30. November", "holsteinischer 188 M.", "mecklenburgischer 160 M.", "steigend 139 M.", "Dampfer aus Odessa werden erst in der kommenden Woche erwartet.", "9100")]),
    "de-auction": ("de", "Bekanntmachung. Am {0}, vormittags {1} Uhr, soll {2} öffentlich an den Meistbietenden gegen bare Zahlung verkauft werden. Die Bedingungen liegen {3} aus. {4}", [
        ("Dienstag, den 4. Juni", "zehn", "das Holz von 60 Eichen im Forst Neuenhagen", "bei dem Förster Lindner", "Die Stämme sind mit Nummern versehen und können vorher besehen werden."),
        ("Freitag, den 11. Oktober", "neun", "der Nachlaß der Witwe Amalie Krause, bestehend in Betten, Wäsche und Hausrat", "in der Kanzlei des Justizrats Voß", "Silbersachen kommen erst nach zwölf Uhr an die Reihe."),
        ("Montag, den 20. Januar", "elf", "die Pacht der städtischen Badeanstalt auf sechs Jahre", "im Rathaus, Zimmer 7,", "Bieter haben hundert Taler zur Sicherheit zu hinterlegen."),
        ("Samstag, den 9. März", "halb drei", "ein fast neuer Landauer mit zwei Rappen und Geschirr", "beim Sattlermeister Ott in der Vorstadt", "Auf Wunsch wird das Gespann vorgefahren.")]),
    "en-weather": ("en", "Weather forecast for {0}. {1} Winds {2}; temperature at noon {3} degrees. {4}", [
        ("Monday, June 3", "Heavy showers are likely over the northern counties.", "fresh from the west", "fifty-four", "Farmers should wait before they cut the early hay."),
        ("Thursday, August 22", "A spell of settled sunshine extends from Cornwall to Kent.", "light and variable", "seventy-nine", "Bathing parties on the south coast may expect calm water."),
        ("Saturday, November 9", "Dense fog lingers along the Thames and the Medway.", "scarcely perceptible", "forty-one", "Trains into Cannon Street ran forty minutes behind their time."),
        ("Tuesday, February 18", "Snow has fallen as far south as the Chilterns.", "bitter from the north-east", "twenty-nine", "Skating was general upon the ponds at Hampstead.")]),
    "en-shipping": ("en", "SHIPPING. Arrived {0}: the {1}, {2}, from {3}, with {4}. {5} Agents, {6}.", [
        ("May 2", "barque Clarissa", "Captain Monk", "Liverpool", "eighty emigrants and general cargo", "She spoke the Wanderer off the Cape and reports fine weather throughout.", "Gilchrist and Sons"),
        ("June 14", "steamer Boomerang", "Pennock", "Rockhampton", "wool, hides and nine horses", "One horse died on the passage in the heavy sea off Sandy Cape.", "the Navigation Company"),
        ("October 30", "schooner Jane Lovett", "Sims", "the Clarence River", "cedar planks and maize", "The master lost an anchor while crossing the bar at low water.", "Messrs. Clark"),
        ("January 7", "ship Star of Peace", "Sproul", "London", "iron rails for the Railway Department", "The Governor's carriage is among the goods consigned by her.", "Montefiore and Graham")]),
    "en-police": ("en", "POLICE COURT. Before {0}. {1} was charged with {2}. {3} {4}", [
        ("the Mayor and Mr. Hall", "John Tierney, a drayman,", "leaving his team unattended in George Street", "Constable Farrell said that the horses had bolted and broken a lamp post.", "Fined ten shillings and the cost of the lamp."),
        ("Captain Scott, P.M.,", "Mary Ann Doolan", "stealing a pair of blankets from the Asylum", "The matron swore to the brand, and prisoner declared that she had found them on the Domain fence.", "Sentenced to one month."),
        ("Messrs. Murphy and Lyons", "William Chard, publican,", "selling ale during prohibited hours", "The inspector found eleven persons in the tap room on Sunday forenoon, most of them bona fide travellers.", "The case was dismissed."),
        ("the Water Police Magistrate", "Peter Olsen, seaman of the ship Hero,", "refusing duty", "He complained of the beef, which was produced in Court and did not smell.", "Ordered on board, with forfeiture of a week's pay.")]),
    "fr-weather": ("fr", "Bulletin météorologique du {0}. {1} Vent {2}. Température {3}. {4}", [
        ("6 avril", "Une dépression venue d'Islande aborde la Bretagne.", "fort de sud-ouest à Brest", "douze degrés à midi", "Les barques de Douarnenez n'ont pas quitté le port."),
        ("15 août", "Le temps reste beau et chaud sur tout le Midi.", "nul dans la vallée du Rhône", "trente-trois degrés à Nîmes", "Les vendanges commenceront plus tôt que l'an dernier."),
        ("23 décembre", "Il a neigé abondamment dans le Jura et les Vosges.", "glacial du nord-est", "huit degrés sous zéro à Pontarlier", "Le courrier de Lausanne est arrivé avec six heures de retard."),
        ("1er octobre", "Des brouillards épais couvrent la Picardie au lever du soleil.", "faible et variable", "quatorze degrés à Amiens", "Éclaircies probables dans la soirée.")]),
    "fr-bourse": ("fr", "BOURSE DE PARIS du {0}. {1} La rente trois pour cent finit à {2}. {3} {4}", [
        ("mardi 8 mars", "Marché hésitant, affaires rares avant la réponse des primes.", "98,35", "Les chemins de fer espagnols reculent sur les nouvelles de Barcelone.", "Le Suez gagne douze francs."),
        ("lundi 21 juin", "Reprise générale après le discours du ministre des finances.", "99,80", "L'Italien et le Turc sont recherchés par la place de Londres.", "Rio-Tinto très ferme à 1.790."),
        ("jeudi 4 novembre", "La faillite de la maison Bergerot pèse sur la coulisse.", "96,10", "Les valeurs de sucre tombent au plus bas de l'année.", "On ne cotait plus les mines d'or en clôture."),
        ("samedi 17 janvier", "Séance courte et animée, les acheteurs reviennent.", "97,425", "Bonne tenue du Crédit Foncier à la veille de l'assemblée.", "Les fonds russes montent de trente centimes.")]),
}

def main():
    path = os.path.join(os.path.dirname(__file__), "notices.jsonl")
    with open(path, "w", encoding="utf-8") as out:
        for name, (language, form, rows) in SERIES.items():
            for number, row in enumerate(rows, 1):
                out.write(json.dumps({"id": f"{name}-{number}", "lang": language, "text": form.format(*row)}, ensure_ascii=False) + "\n")

if __name__ == "__main__":
    main()
