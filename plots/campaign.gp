# SPDX-License-Identifier: GPL-2.0-only
# Draws the pictures of ./mptcp campaign, each as PNG and PDF. Runs in the folder of the campaign,
# where parameters.gp is, and a folder of series.

load "parameters.gp"

set encoding utf8
set datafile missing "nan"
# Okabe and Ito's colours, and dashes: what one does not tell in grey print, the other does.
colours = "#000000 #0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9"
colour(i) = word(colours, int(i) % 7 + 1)
dash(i) = int(i) / 7 % 4 + 1
# The n-th of texts with | between them.
part(texts, n) = n == 1 ? head(texts) : part(rest(texts), n - 1)
head(texts) = strstrt(texts, "|") == 0 ? texts : texts[1:strstrt(texts, "|") - 1]
rest(texts) = texts[strstrt(texts, "|") + 1:*]
open_png = "set terminal pngcairo size width * 1.6, height * 1.6 font 'Sans,13' linewidth 1.6; " \
    . "set output figure . '.png'"
open_pdf = "set terminal pdfcairo size width / 100.0, height / 100.0 font 'Sans,8.5' linewidth 1; " \
    . "set output figure . '.pdf'"

do for [format in "png pdf"] {
    # Labels run down to the right.
    width = 100 + 46 * positions + 6 * longest_label
    width = width < 420 ? 420 : width
    height = 320 + 4 * longest_label
    set border 3 linewidth 0.8
    set xtics nomirror out scale 0 rotate by -35 left
    set ytics nomirror out scale 0.5
    set grid ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
    unset key
    set bmargin 2 + 0.32 * longest_label
    set rmargin 1 + 0.8 * longest_label
    set offsets 0, 0, graph 0.08, 0
    do for [i = 1:words(bars)] {
        figure = word(bars, i)
        eval format eq "png" ? open_png : open_pdf
        set xrange [-0.7:positions - 0.3]
        set yrange [0:*]
        set ylabel part(bar_titles, i)
        file = "series/" . figure . ".dat"
        if (int(word(few, i)) == 1) {
            # Each run a point, and a line for their mean.
            plot file using 1:3:(0.3):xtic(stringcolumn(2)) with xerrorbars pointtype 7 \
                    pointsize 0.01 linewidth 1.4 linecolor rgb "black", \
                "series/" . figure . "-points.dat" using 1:2 with points pointtype 6 \
                    pointsize 0.9 linecolor rgb "#0072b2"
        } else {
            plot file using 1:3:4:(0.6):xtic(stringcolumn(2)) with boxerrorbars \
                    fillstyle solid 0.7 border rgb "black" linecolor rgb "#56b4e9", \
                "" using 1:($3 + $4):(sprintf($3 < 100 ? "%.1f" : "%.0f", $3)) with labels offset 0,0.7
        }
        set output
    }
    if (words(curves) > 0) {
        figure = "requests-cdf"
        width = 700
        height = 420
        eval format eq "png" ? open_png : open_pdf
        set bmargin
        set rmargin
        set offsets
        set xtics norotate center autofreq
        set key outside right center samplen 2
        set logscale x
        set xrange [*:*]
        set yrange [0:1]
        set grid xtics ytics
        set xlabel "Time from a request to its last byte (ms)"
        set ylabel "Part of the requests"
        plot for [i = 1:words(curves)] "series/requests-" . word(curves, i) . ".dat" \
            using 1:2 with steps linewidth 1.6 dashtype dash(i - 1) linecolor rgb colour(i - 1) \
            title part(curve_titles, i)
        unset logscale
        unset xlabel
        unset grid
        set output
    }
}
