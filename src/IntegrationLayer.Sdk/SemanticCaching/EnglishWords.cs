using System.Collections.Frozen;

namespace IntegrationLayer.Sdk.SemanticCaching;

/// <summary>Short lists of English words, written for this purpose.</summary>
internal static class EnglishWords
{
    /// <summary>Words that say little by themselves.</summary>
    public static readonly FrozenSet<string> Function = Set(
        "a an the this that these those is are was were be been being am do does did doing done have has had having i me my mine myself we us our ours you your yours "
        + "he him his she her hers it its they them their theirs of in on at by for from to into onto with about as and or but so if then than there here "
        + "what which who whom whose when where why how can could will would shall should may might must some any much many most very really just also too only even ever "
        + "one ones get got getting way ways thing things please tell ok okay");

    /// <summary>Words that may be left out without a change of meaning.</summary>
    public static readonly FrozenSet<string> Filler = Set("a an the please just really very ever also some any do does did");

    /// <summary>Negations, which all count alike.</summary>
    public static readonly FrozenSet<string> Negation = Set("not no never none nobody nothing neither nor without");

    /// <summary>Words that turn a meaning round and are never said in passing.</summary>
    public static readonly FrozenSet<string> Turning = Set(
        "worst worse less least fewer fewest stop stopped avoid fail fails failed lose lost losing hate unable impossible except instead unlike non opposite disadvantage disadvantages "
        + "today tonight tomorrow yesterday");

    /// <summary>Numbers and fractions written as words.</summary>
    public static readonly FrozenDictionary<string, string> Numbers = Map(
        "zero 0,two 2,three 3,four 4,five 5,six 6,seven 7,eight 8,nine 9,ten 10,eleven 11,twelve 12,thirteen 13,fourteen 14,fifteen 15,sixteen 16,seventeen 17,eighteen 18,"
        + "nineteen 19,twenty 20,thirty 30,forty 40,fifty 50,sixty 60,seventy 70,eighty 80,ninety 90,hundred 100,thousand 1000,million 1000000,billion 1000000000,"
        + "twice 2x,half 1/2,quarter 1/4,dozen 12");

    /// <summary>Contractions and what they stand for; any other that ends in <c>n't</c>, <c>'re</c>, <c>'ve</c>, <c>'ll</c>, <c>'m</c> or <c>'d</c> is regular.</summary>
    public static readonly FrozenDictionary<string, string> Contractions = Map(
        "can't can not,cannot can not,won't will not,shan't shall not,ain't is not,let's let us,cant can not,dont do not,doesnt does not,didnt did not,isnt is not,arent are not,"
        + "wasnt was not,werent were not,havent have not,hasnt has not,hadnt had not,wouldnt would not,couldnt could not,shouldnt should not,mustnt must not,whats what is,hows how is,"
        + "wheres where is,whos who is,thats that is,im i am,ive i have,youre you are,theyre they are,gonna going to,wanna want to,gotta got to,pls please,plz please,u you,ur your");

    /// <summary>Words after which <c>'s</c> is <c>is</c>, and no possessive.</summary>
    public static readonly FrozenSet<string> BeforeIs = Set("what how where who it that there here he she when why this which");

    /// <summary>Opposites that dictionaries don't list, because they are function words, or opposite only in what they entail.</summary>
    public static readonly (string One, string Other)[] Opposites =
    [
        .. ("before/after in/out on/off up/down over/under above/below inside/outside to/from with/without best/worst better/worse most/least more/less more/fewer buy/sell send/receive "
            + "import/export upload/download man/woman men/women boy/girl male/female husband/wife boyfriend/girlfriend father/mother dad/mom brother/sister son/daughter king/queen "
            + "uncle/aunt he/she him/her his/her good/bad right/wrong left/right first/last high/low big/small large/small long/short tall/short old/young old/new early/late fast/slow hot/cold "
            + "easy/hard easy/difficult rich/poor cheap/expensive strong/weak light/heavy safe/dangerous happy/sad alive/dead life/death win/lose gain/lose find/lose pass/fail start/stop start/end "
            + "begin/end open/close add/remove allow/deny accept/reject accept/decline approve/decline approve/reject grant/deny enable/disable activate/deactivate lock/unlock block/unblock "
            + "install/uninstall subscribe/unsubscribe connect/disconnect deposit/withdraw deposit/withdrawal credit/debit income/expense income/expenditure profit/loss asset/liability supply/demand "
            + "import/export input/output front/back top/bottom day/night morning/evening summer/winter black/white north/south east/west positive/negative advantage/disadvantage pro/con "
            + "increase/decrease rise/fall raise/lower maximum/minimum max/min push/pull love/hate like/dislike friend/enemy war/peace heaven/hell always/never legal/illegal public/private "
            + "internal/external introvert/extrovert hire/fire borrow/lend lend/borrow arrive/depart arrival/departure employer/employee teacher/student parent/child male/female credit/debit")
            .Split(' ').Select(static p => p.Split('/') is [var one, var other] ? (one, other) : default),
    ];

    /// <summary>Courtesies and introductions, each of which may stand before a question.</summary>
    public static readonly string[][] Openings = Phrases(
        "hi,hello,hey,hi there,hello there,hey there,hi all,hello all,hi everyone,hello everyone,dear all,good morning,good afternoon,good evening,greetings,excuse me,sorry,"
        + "please,kindly,quick question,just a quick question,question,a question,i have a question,one question,could you please tell me,could you tell me,can you please tell me,"
        + "can you tell me,would you please tell me,would you tell me,will you tell me,please tell me,tell me,please let me know,let me know,i would like to know,i want to know,"
        + "i was wondering,i am wondering,could you please explain,could you please help me,could you please,can you please help me,can you please,please help me,please help,"
        + "can somebody tell me,can someone tell me,can anyone tell me,does anyone know,do you know,ok,okay,so,well");

    /// <summary>Courtesies, each of which may stand behind a question.</summary>
    public static readonly string[][] Closings = Phrases(
        "thanks,thank you,thank you so much,thank you very much,thanks so much,thanks a lot,thanks again,many thanks,thanks in advance,thank you in advance,thx,ty,cheers,regards,"
        + "best regards,kind regards,please,please help,please help me,help me please,please advise,kindly help,please tell me,please let me know,let me know,asap,any help is appreciated,"
        + "any help would be appreciated");

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> Map(string pairs) => pairs.Split(',')
        .Select(static p => p.Split(' ', 2)).ToFrozenDictionary(static p => p[0], static p => p[1], StringComparer.Ordinal);

    // The longest first, because others begin or end like them.
    private static string[][] Phrases(string phrases) => [.. phrases.Split(',').Select(static p => p.Split(' ')).OrderByDescending(static p => p.Length)];
}
